"""An office's own template of a draft: tried, used, told in each draft, given back; nobody else's."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import asyncpg
import docx
import pytest

from service.papers.docx import MEDIA
from service.papers.drafting import COLUMNS, MARKING, example, fields
from service.papers.press import MOST_TEMPLATE
from service.settings import Settings
from service.vocabulary import names
from tests.lives import good
from tests.portfolio.test_drafts import template, with_part, words_of

KIND = "/draft-templates/approval"
OWN = (
    "{{ marking }}",
    "本局格式：{{ project_name }}",
    "{% for line in funding %}{{ line.source }} {% endfor %}",
)


async def _etag(who: Any, path: str = KIND) -> str:
    return str(good(await who("GET", path)).headers["etag"])


async def test_an_office_uses_its_own_template_and_gives_it_back(
    build: Any, as_user: Any, settings: Settings
) -> None:
    case = await build().gatekept()
    draft = f"/projects/{case.id}/drafts/approval.docx"
    approver = as_user("360100", "approver")
    began = good(await approver("GET", KIND)).json()
    at = began["version"]
    assert began["source"] == "ours" and at == len(began["changes"])
    seen = good(await approver("POST", f"{KIND}/preview", content=template(*OWN)))
    assert seen.headers["content-type"] == MEDIA and "（项目名称）" in words_of(seen.content)
    assert await _etag(approver) == f'"{at}"', "a preview keeps nothing"

    raw = template(*OWN)
    put = await approver("POST", KIND, content=raw, params={"name": "批复格式.docx"}, etag=f'"{at}"')
    assert put.status_code == 201 and put.json()["source"] == "office", put.text
    again = await approver("POST", KIND, content=raw, etag=f'"{at + 1}"')
    assert again.status_code == 200 and again.json()["version"] == at + 1
    stale = await approver("POST", KIND, content=template(*OWN, "二"), etag=f'"{at}"')
    assert stale.status_code == 412

    made = good(await approver("GET", draft))
    said = (made.headers["tongjian-template"], made.headers["tongjian-template-version"])
    assert said == ("office", str(at + 1))
    assert f"本局格式：{case.data['name']}" in words_of(made.content)
    comments = docx.Document(io.BytesIO(made.content)).core_properties.comments
    assert f"本单位第{at + 1}版" in comments and put.json()["changes"][0]["digest"] in comments
    assert good(await approver("GET", f"{KIND}/file")).content == raw
    await _given_back(draft, approver, at, raw)
    connection = await asyncpg.connect(settings.database_url)
    acts = await connection.fetch(
        "SELECT action FROM audit_entries WHERE tenant_id = '360100' AND object_kind = 'draft_template' ORDER BY at"
    )
    await connection.close()
    assert [each["action"] for each in acts][-2:] == ["draft_template.put", "draft_template.withdraw"]


async def _given_back(draft: Any, approver: Any, at: Any, raw: Any) -> None:
    """Withdrawn, ours is used again; what it was can still be read."""
    back = good(await approver("POST", f"{KIND}/withdraw", etag=f'"{at + 1}"')).json()
    assert back["source"] == "ours" and [each["act"] for each in back["changes"][:2]] == ["withdrawn", "put"]
    made = good(await approver("GET", draft))
    assert made.headers["tongjian-template"] == "ours" and "本局格式" not in words_of(made.content)
    nothing = await approver("POST", f"{KIND}/withdraw", etag=f'"{at + 2}"')
    assert nothing.status_code == 409 and nothing.json()["code"] == "no_own_template"
    assert good(await approver("GET", f"{KIND}/file?number={at + 1}")).content == raw


async def test_only_who_writes_a_paper_changes_its_form_and_only_of_the_own_office(as_user: Any) -> None:
    approver = as_user("360600", "approver")
    good(await approver("POST", KIND, content=template(*OWN), etag=await _etag(approver)))
    for who in (("360600", "finance"), ("360600", "unit"), ("360600", "administrator"), ("360600", "agency")):
        for answer in (
            await as_user(*who)("GET", f"{KIND}/file"),
            await as_user(*who)("POST", KIND, content=template(*OWN), etag='"1"'),
        ):
            assert answer.status_code == 403, (who, answer.text)
    assert good(await as_user("360700", "approver")("GET", KIND)).json()["source"] == "ours"
    kinds = good(await as_user("360600", "finance")("GET", "/draft-templates")).json()
    assert [each["kind"] for each in kinds["items"]] == ["rectification"]
    assert (await approver("GET", "/draft-templates/receipt")).status_code == 404


UNFIT: dict[str, tuple[Callable[[], bytes], str]] = {
    "an unknown field": (lambda: template("{{ marking }}{{ secret_field }}"), "template_fields"),
    "a hidden unknown member": (lambda: template("{{ marking }}{% for a in funding %}{{ a.x }}{% endfor %}"),
                                "template_tags"),
    "no end": (lambda: template("{{ marking }}{% for a in findings %}"), "template_tags"),
    "a way out": (lambda: template("{{ marking }}{{ ''.__class__.__mro__ }}"), "template_tags"),
    "no marking": (lambda: template("{{ project_name }}"), "template_marking"),
    "a marking unsaid": (lambda: template("{% if not marking %}{{ marking }}{% endif %}"), "template_marking"),
    "a seal": (lambda: _sealed(), "template_pictures"),
    "macros": (lambda: with_part("word/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)),
               "active_content"),
    "a bomb": (lambda: with_part("word/a.xml", b" " * (21 << 20)), "unreadable_file"),
    "no docx": (lambda: b"%PDF-1.7\n%%EOF\n", "template_kind"),
    "text": (lambda: "模板".encode(), "template_kind"),
    "nothing": (lambda: b"", "empty_file"),
    "too large": (lambda: bytes(MOST_TEMPLATE + 1), "template_size"),
}  # fmt: skip


def _sealed() -> bytes:
    """A template with a picture in it."""
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100"
        "18dd8db00000000049454e44ae426082"
    )
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph("{{ marking }}")
    document.add_picture(io.BytesIO(png))
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("how", UNFIT)
async def test_what_does_not_do_is_refused_with_its_reason_and_kept_nowhere(as_user: Any, how: str) -> None:
    make, code = UNFIT[how]
    agency, path = as_user("360100", "agency"), "/draft-templates/appraisal"
    before = await _etag(agency, path)
    for answer in (
        await agency("POST", f"{path}/preview", content=make()),
        await agency("POST", path, content=make(), etag=before),
    ):
        told = answer.json()
        assert answer.status_code == 422, (how, answer.text)
        assert code in (told["code"], *(each["code"] for each in told["errors"])), told
        assert "secret_field" in answer.text or how != "an unknown field"
    assert await _etag(agency, path) == before


def test_every_field_is_named_and_tried() -> None:
    rows = {f"{name}_{column}" for name, columns in COLUMNS.items() for column in columns}
    assert example().keys() == names("draft_field").keys() - rows and rows < names("draft_field").keys()
    assert example()["marking"] == MARKING
    for name, columns in COLUMNS.items():
        assert all(row.keys() == set(columns) for row in example()[name])


async def test_what_a_case_fills_is_what_a_template_may_name(build: Any, as_user: Any) -> None:
    """Through a template that names everything: were a field of the example missing in a case, ours would be filled."""
    w = build()
    case = await w.submitted(
        negative={
            "own_hardware": False,
            "leased_lines": False,
            "off_cloud": True,
            "not_safe_reliable": False,
            "crypto_or_security": False,
            "unclear_or_unshared": False,
        }
    )
    city, path = as_user("360100", "gatekeeper"), "/draft-templates/rectification"
    plain = [f"{{{{ {name} }}}}" for name in example().keys() - COLUMNS.keys()]
    lists = [
        f"{{% for r in {name} %}}{' '.join(f'{{{{ r.{c} }}}}' for c in columns)}{{% endfor %}}"
        for name, columns in COLUMNS.items()
    ]
    good(await city("POST", path, content=template(*plain, *lists), etag=await _etag(city, path)))
    made = good(await city("GET", f"/projects/{case.id}/drafts/rectification.docx"))
    assert made.headers["tongjian-template"] == "office" and fields.__doc__
    good(await city("POST", f"{path}/withdraw", etag=await _etag(city, path)))
