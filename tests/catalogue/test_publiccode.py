"""An app as YAML: out and in again, and everything that must not come in; drafts from accepted projects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.catalogue import publiccode_reading, publiccode_writing, publiccode_yaml
from service.catalogue.schemas import AppContent, Paper, Release, Rights, Support
from service.kit.errors import ServiceError
from tests.catalogue.conftest import content
from tests.contract.recipes_catalogue import accepted_project
from tests.contract.world import World, people

CITY, OTHER = "360100", "360200"
REAL = Path(__file__).parent / "publiccode"
# What is told and cannot come out again: members of single contacts, and words that the standard does not know.
REPLACED = ("/maintenance/contacts/", "/maintenance/type", "/softwareType", "/categories/")
# What the catalogue itself says: the version it writes, where the app stands; Chinese under one name.
OURS_TO_SAY = ("/publiccodeYmlVersion", "/developmentStatus", "/description/zh-Hans/")
CORE = json.loads((REAL / "schema-0.4.json").read_text())
GOOD = {
    "publiccodeYmlVersion": "0.4",
    "name": "导入的应用",
    "categories": ["map"],
    "description": {"zh": {"shortDescription": "短", "longDescription": "长", "features": ["电子地图"]}},
}


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Pointer and value of everything that is neither list nor mapping, and says something."""
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, f"{at}/{key}")
    elif value not in ("", None):
        yield at, value


async def sent(provider: Any, text: str) -> Any:
    return await provider("POST", "/apps/import", {"publiccode": text})


async def test_a_null_character_behind_an_escape_is_told_where(as_user: Any, publish: Any) -> None:
    ref = await publish("360000", "空字符应用", reach="province")
    answer = await as_user(CITY, "360102.user")("GET", f"/apps/{ref}/publiccode.yml")
    broken = answer.text.replace("name: 空字符应用", 'name: "空\\0字符"', 1)
    assert broken != answer.text
    told = await sent(as_user(OTHER, "app_provider"), broken)
    fault = told.json()["errors"][0]
    assert (told.status_code, fault["pointer"], fault["code"]) == (
        422,
        "/publiccode/name",
        "invalid_character",
    )


async def test_what_goes_out_comes_in_again(as_user: Any, publish: Any) -> None:
    ref = await publish(
        "360000", "往返应用", reach="province", cost={"amount_yuan": "12.50", "basis": "每次"}
    )
    answer = await as_user(CITY, "360102.user")("GET", f"/apps/{ref}/publiccode.yml")
    assert answer.headers["content-type"].startswith("application/yaml")
    document = yaml.safe_load(answer.content)
    assert document["developmentStatus"] == "stable"
    assert document["softwareVersion"] == "1.0"
    made = await sent(as_user(OTHER, "app_provider"), answer.text)
    assert made.status_code == 201, made.text
    there = made.json()
    whole = (await as_user(CITY, "360102.user")("GET", f"/apps/{ref}")).json()
    assert (there["name"], there["status"], there["reach"]) == ("往返应用", "draft", "province")
    assert there["content"] == whole["content"]
    assert there["id"].startswith(f"{OTHER}-"), "an import is one's own draft"


lines = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Zs", "Zl", "Zp", "Cf"]), min_size=1
)
prose = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=200)
supports = st.builds(
    Support, name=st.sampled_from(["", "运维值班"]), phone=st.sampled_from(["", "0791-88880000转8012"])
)
releases = st.builds(
    Release,
    number=st.sampled_from(["1.0", "1.10", "2.0"]),
    released_on=st.dates(),
    notes=st.sampled_from(["", "修订"]),
)
contents = st.builds(
    AppContent,
    category=st.sampled_from(["map", "seal", "other", "grid", "government_service"]),
    summary=st.one_of(prose, st.just("一" * 180)),
    description=st.one_of(prose, st.just("说明" * 3000)),
    functions=st.lists(lines.map(lambda line: line[:50]), max_size=4),
    security_level=st.integers(1, 4),
    service_terms=st.sampled_from(
        ["", "yes", "2025-01-01", "1.0", "null", "a: b", "- x", "*", "&a", "是\n否"]
    ),
    support=supports,
    contacts=st.lists(supports, max_size=2),
    versions=st.lists(releases, max_size=2),
    software_version=st.sampled_from(["", "2.0", "1.10", "1.0"]),
    address=st.sampled_from(["", "https://map.example.gov.cn/"]),
    repository=st.sampled_from(["", "ssh://git.example.gov.cn/map.git"]),
    software_type=st.sampled_from([None, "standalone/mobile", "library"]),
    platforms=st.lists(st.sampled_from(["web", "android", "统信 UOS"]), max_size=3),
    networks=st.lists(st.sampled_from(["internet", "government_extranet"]), max_size=2),
    languages=st.lists(st.sampled_from(["zh-CN", "en"]), max_size=2),
    rights=st.builds(
        Rights,
        licence=st.sampled_from(["", "MulanPSL-2.0"]),
        owner=st.sampled_from(["", "某市数据局"]),
        terms=st.sampled_from(["", "仅限本省各级机关使用"]),
    ),
    papers=st.lists(st.just(Paper("首页截图", "https://example.gov.cn/1.png", "screenshot")), max_size=1),
    further=st.sampled_from(
        [
            "",
            "usedBy:\n- 某县\n",
            "legal:\n  authorsFile: AUTHORS\n",
            "description:\n  en:\n    shortDescription: A map\n",
        ]
    ),
)
PLACE = {"address": "http://127.0.0.1:8000/api/v1/apps/360100-1", "provider": "南昌市大数据局"}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents, lines)
def test_any_content_survives_the_round(made: AppContent, name: str) -> None:
    text = publiccode_writing.dump(name[:100], "pilot", "tenant", made, **PLACE).decode()
    whole_file(publiccode_yaml.load(text))
    read = publiccode_reading.read(publiccode_yaml.load(text))
    assert read.name == name[:100]
    assert read.content == made
    again = publiccode_writing.dump(read.name, "pilot", read.reach, read.content, **PLACE).decode()
    assert again == text


def whole_file(told: dict[str, Any]) -> None:
    """What the standard's schema asks of version 0.4 (publiccodeyml.org, core)."""
    jsonschema_rs.validate(CORE, told)


def test_what_is_edited_by_hand_is_read() -> None:
    text = publiccode_writing.dump(
        "应用", "available", "tenant", AppContent(category="map"), **PLACE
    ).decode()
    told = yaml.safe_load(text)
    told["tongjian"]["assumed"].remove("platforms")
    told["platforms"] = ["linux"]
    assert publiccode_reading.read(told).content.platforms == ["linux"]


@pytest.mark.parametrize("name", sorted(each.name for each in REAL.glob("*.yml")))
def test_real_files_are_read_and_come_out_whole(name: str) -> None:
    """Files in the manner of each version; what has no place is told and comes out again where it stood."""
    source = (REAL / name).read_text(encoding="utf-8")
    value = publiccode_reading._plain(publiccode_yaml.load(source))
    read = publiccode_reading.read(value)
    assert read.name and read.content.summary
    out = publiccode_yaml.load(
        publiccode_writing.dump(read.name, "pilot", "tenant", read.content, **PLACE).decode()
    )
    whole_file(out)
    assert publiccode_reading.read(out).content == read.content
    there = dict(leaves(out))
    lost = [at for at, said in leaves(value) if str(there.get(at)).strip() != str(said).strip()]
    silent = [at for at in lost if not at.startswith((*OURS_TO_SAY, *read.unread))]
    assert silent == [], "neither there again nor told"
    assert [at for at in lost if at.startswith((*read.unread,)) and not at.startswith(REPLACED)] == []


async def test_a_word_that_the_standard_lacks_is_told_and_not_fatal(as_user: Any) -> None:
    text = yaml.safe_dump({**GOOD, "maintenance": {"type": "commercial", "contacts": {"name": "值班"}}})
    made = await sent(as_user(CITY, "app_provider"), text)
    assert made.status_code == 201 and made.json()["unread"] == ["/maintenance/type"]
    assert made.json()["content"]["support"]["name"] == "值班"


@pytest.mark.parametrize(
    "further",
    [
        "categories: [{a: 1}, other, office]",
        "maintenance: {type: [x], contacts: 5}",
        "maintenance: 5",
        "maintenance: {contacts: [1, {name: [x]}]}",
        "localisation: {localisationReady: maybe}",
        "categories: 7",
    ],
)
def test_what_is_kept_beside_cannot_spoil_the_file(further: str) -> None:
    content = AppContent(category="map", further=further)
    whole_file(
        publiccode_yaml.load(publiccode_writing.dump("应用", "pilot", "tenant", content, **PLACE).decode())
    )


@pytest.mark.parametrize(
    "version", ["0", "0.1", "0.2", "0.2.2", "0.3", "0.4.0", "0.5", "0.6", "0.7", "0.7.0"]
)
async def test_each_version_is_taken(as_user: Any, version: str) -> None:
    text = yaml.safe_dump({**GOOD, "publiccodeYmlVersion": version, "usedBy": ["某县"]}, allow_unicode=True)
    made = await sent(as_user(CITY, "app_provider"), text.replace(f"'{version}'", version))
    assert made.status_code == 201, made.text
    assert made.json()["unread"] == ["/usedBy"]
    assert made.json()["content"]["further"] == "usedBy:\n- 某县\n"


async def test_what_is_kept_besides_is_looked_at_like_a_file(as_user: Any) -> None:
    provider = as_user(CITY, "app_provider")
    base = {"name": "另有内容的应用", "category": "map"}
    for text, code in (
        ("a: &x [1]\nb: *x", "malformed_yaml"),
        ("- 1", "malformed_yaml"),
        ("a: 'x\x00'", "invalid_character"),
    ):
        refused = await provider("POST", "/apps", {**base, "further": text})
        assert refused.status_code == 422, refused.text
        assert [each["pointer"] for each in refused.json()["errors"]] == ["/further"]
        assert refused.json()["errors"][0]["code"] == code
    marked = await provider("POST", "/apps", {**base, "further": 'a: "\\u673a\\u5bc6\\u2605"'})
    assert (marked.status_code, marked.json()["code"]) == (422, "classified_material")
    made = await provider("POST", "/apps", {**base, "further": "usedBy: [某县]"})
    assert made.status_code == 201, made.text


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"name": ""}, "/publiccode/name", "wrong_type"),
        ({"publiccodeYmlVersion": "9"}, "/publiccode/publiccodeYmlVersion", "wrong_type"),
        ({"description": []}, "/publiccode/description", "wrong_type"),
        ({"tongjian": {"securityLevel": 5}}, "/publiccode/tongjian/securityLevel", "wrong_type"),
        ({"tongjian": {"securityLevel": True}}, "/publiccode/tongjian/securityLevel", "wrong_type"),
        (
            {"tongjian": {"interfaces": [{"name": "x", "openapi": "javascript:alert(1)"}]}},
            "/publiccode/tongjian/interfaces/0/openapi",
            "wrong_type",
        ),
        (
            {"tongjian": {"cost": {"amount_yuan": "1e3"}}},
            "/publiccode/tongjian/cost/amount_yuan",
            "wrong_type",
        ),
    ],
)
async def test_faults_are_pointed_at(
    as_user: Any, superuser: Any, change: dict[str, Any], pointer: str, code: str
) -> None:
    before = await superuser.fetchval("SELECT count(*) FROM apps")
    refused = await sent(
        as_user(CITY, "app_provider"), yaml.safe_dump({**GOOD, **change}, allow_unicode=True)
    )
    assert refused.status_code == 422, refused.text
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [(pointer, code)]
    assert await superuser.fetchval("SELECT count(*) FROM apps") == before


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['true']",
        "!!python/name:os.system",
        "a: &x [1]\nb: *x",
        "name: 甲\nname: 乙",
        "[" * 30 + "]" * 30,
        "[" * 9000,
        "a: b: c",
        "{[1]: 2}",
        "\x07",
        "--- a\n--- b\n",
        "2025-13-45",
        "a: !!int ''",
        "a: !!float ''",
        "a: !!bool maybe",
        "a: !!timestamp soon",
        'a: "\\ud800"',
    ],
)
async def test_unsafe_or_broken_yaml_is_refused(as_user: Any, text: str) -> None:
    refused = await sent(as_user(CITY, "app_provider"), text)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"].startswith("/publiccode")
    assert text[:20] not in refused.text


async def test_size_and_shape_have_bounds(as_user: Any) -> None:
    provider = as_user(CITY, "app_provider")
    assert (await sent(provider, "#" * 32769)).status_code == 422
    for text in ("42", "甲", "[]", "null", "2025-01-01"):
        refused = await sent(provider, text)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "wrong_type")


async def test_secrecy_marks_hide_behind_no_escape(as_user: Any, superuser: Any) -> None:
    document = yaml.safe_dump({**GOOD, "name": "机密★应用"}, allow_unicode=False)
    assert "机" not in document, "the gate alone would not see it"
    refused = await sent(as_user(CITY, "app_provider"), document)
    assert (refused.status_code, refused.json()["code"]) == (422, "classified_material")
    assert await superuser.fetchval("SELECT count(*) FROM apps WHERE name LIKE '%机密%'") == 0


async def test_an_accepted_projects_results_become_a_draft(
    as_user: Any, door: Any, settings: Any, relay: Any
) -> None:
    world = World(people(as_user), door, None, settings.database_url)  # type: ignore[arg-type]
    early = (await world.submitted()).id
    project = await accepted_project(world)
    body = {
        "project_id": project,
        "design_documents": ["总体设计说明书"],
        "source": ["源代码移交清单"],
        "data_resources": [{"name": "城市部件库"}],
        "interfaces": content()["interfaces"],
    }
    provider = as_user(CITY, "app_provider")
    refused = await provider("POST", "/apps/from-project", {**body, "project_id": early})
    assert (refused.status_code, refused.json()["code"], refused.json()["article"]) == (
        409,
        "project_not_accepted",
        31,
    )
    for stranger, status in ((as_user(OTHER, "app_provider"), 404), (as_user(CITY, "360102.unit"), 422)):
        answer = await stranger("POST", "/apps/from-project", body)
        assert answer.status_code == status, answer.text
    made = await provider("POST", "/apps/from-project", body)
    assert made.status_code == 201, made.text
    draft = made.json()
    assert (draft["status"], draft["source_project"]) == ("draft", project)
    assert "总体设计说明书" in draft["content"]["description"]
    assert draft["content"]["data_items"] == [{"name": "城市部件库"}]
    again = await provider("POST", "/apps/from-project", body)
    assert (again.status_code, again.json()["code"]) == (409, "draft_exists")
    await relay()
    assert "共享应用草稿待完善" in (await provider("GET", "/inbox?limit=20")).text


async def test_the_province_accepts_and_the_draft_comes_by_the_event(
    as_user: Any, door: Any, settings: Any, relay: Any, superuser: Any, app: Any
) -> None:
    """draft_from_project as a provincial acceptance calls it: with the province's login, on a city's project."""
    from types import SimpleNamespace

    from service.catalogue.actions_artefacts import draft_from_project
    from service.catalogue.schemas import ArtefactsIn
    from service.kit import clock
    from service.kit.db import Scope
    from service.kit.ids import parse_ref
    from service.projects.case import case_of
    from service.projects.queries import DECLARED_CASE

    world = World(people(as_user), door, None, settings.database_url)  # type: ignore[arg-type]
    ref = parse_ref((await world.with_province()).id)
    principal = SimpleNamespace(tenant="360000", actor="user:360000:drc", office=None)
    call: Any = SimpleNamespace(principal=principal, now=clock.now(), trace_id="trace-0001")
    for _ in range(2):  # also when it is said twice
        async with door.transaction(Scope("province", "360000/*")) as tx:
            row = await tx.row(DECLARED_CASE, tenant_id=ref.tenant, id=ref.id)
            draft_from_project(call, tx, case_of(row), ArtefactsIn(source=["源代码移交清单"]))
    assert await superuser.fetchval("SELECT count(*) FROM apps WHERE source_project::text = $1", ref.id) == 0
    await relay()
    kept = await superuser.fetch("SELECT tenant_id, status FROM apps WHERE source_project::text = $1", ref.id)
    assert [tuple(row) for row in kept] == [(CITY, "draft")]
    listed = (await as_user(CITY, "app_provider")("GET", "/apps/working?limit=200")).json()["items"]
    mine = [each for each in listed if each["source_project"] == str(ref)]
    assert "源代码移交清单" in mine[0]["content"]["description"]


def test_the_loader_says_nothing_of_what_it_read() -> None:
    with pytest.raises(ServiceError) as refused:
        publiccode_yaml.load("a: &secret [1]\nb: *secret")
    assert "secret" not in msgspec.json.encode(refused.value.body()).decode()
