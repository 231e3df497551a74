"""What is promised to be seen first is, a form acts for nobody it may not, and what is cited is letters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from service.console.deeds import SEEN_FIRST
from service.console.pages import ENV
from service.console.visiting import FOR
from tests.browser.hostile import TEXTS
from tests.console.browser import Form
from tests.console.test_hostile import _page, taken
from tests.console.test_rules import CITY, day


async def test_no_other_form_does_what_is_to_be_seen_first(visit: Callable[..., Any]) -> None:
    """Posted as a plain deed, anywhere and by whoever may do it, it is no deed at all."""
    assert "offices_reorganise" in SEEN_FIRST and len(SEEN_FIRST) > 5
    keeper = await visit(CITY, "gatekeeper")
    mark = (await keeper.go("/console/messages")).forms[-1].fields
    for name in sorted(SEEN_FIRST):
        sent = Form({"method": "post"})
        sent.fields = {"_csrf": mark["_csrf"], "_op": name, "_key": f"seen-{name}", "_part.ref": f"{CITY}-x"}
        assert (await keeper.send("/console/messages", sent)).status_code == 404, name


async def test_no_form_can_say_of_itself_that_it_was_seen(visit: Callable[..., Any]) -> None:
    """The digest of what is asked is nothing secret; the seal of whoever looked is."""
    keeper, at = await visit(CITY, "gatekeeper"), "/console/overlays?key=gatekeeping.practice_days"
    form = (await keeper.go(at)).form("rulebook_overlay_record")
    asked = {"key": "gatekeeping.practice_days", "value": 5, "effective_from": day(70), "reason": "本市从快"}
    raw = msgspec.json.encode(asked, order="sorted")
    form.fields |= {
        "/value": "5 天",
        "/effective_from": day(70),
        "/reason": "本市从快",
        "_key": "forged-0001",
    }
    for forged in (hashlib.sha256(raw).hexdigest()[:32], hashlib.sha256(raw).hexdigest(), "é", ""):
        form.fields |= {"_step": "record", "_seen": forged}
        shown = await keeper.shown(at, form)
        assert shown.status == 200 and "没有登记" in shown.text, shown.text
    assert "本市从快" not in (await keeper.go("/console/overlays")).text


async def test_an_office_is_reorganised_as_it_was_seen(visit: Callable[..., Any]) -> None:
    admin = await visit(CITY, "administrator")
    new = (await admin.go("/console/admin/offices")).form("offices_create")
    new.fields |= {
        "/name": "并入前的信息中心",
        "/tier": "city",
        "/division": CITY,
        "/office_kind": "administrative",
        "/valid_from": "2024-01-01",
    }
    made = await admin.send("/console/admin/offices", new)
    assert made.status_code == 303, made.text
    at = f"{made.headers['location'].partition('#')[0]}/reorganise"
    assert "撤并…" in (await admin.go(at.removesuffix("/reorganise"))).text
    drawn = await admin.go(at)
    form = drawn.form("offices_reorganise")
    assert "还没有看会带走什么" in drawn.text and not drawn.codes
    form.fields |= {"/people": "move", "/document": "洪编〔2026〕8号", "_step": "record", "_seen": "x"}
    unseen = await admin.shown(at, form)
    assert unseen.status == 200 and "没有撤并" in unseen.text and not unseen.codes
    kept = unseen.form("offices_reorganise")
    kept.fields |= {"_step": "record", "/people": "move"}
    done = await admin.send(at, kept)
    assert done.status_code == 303, done.text
    ended = await admin.go(done.headers["location"])
    assert "撤并…" not in ended.text and "，至 " in ended.text


async def test_a_form_acts_for_nobody_it_may_not(visit: Callable[..., Any]) -> None:
    """A name in the form's field is no right: who stands for nobody is refused, whoever is named."""
    unit = await visit(CITY, "unit")
    page = await unit.go("/console/messages")
    for named in ("gatekeeper", "unit", f"{CITY}/gatekeeper", "360000/office", "\r\nx: y"):
        sent = Form({"method": "post"})
        sent.fields = {
            "_csrf": page.forms[-1].fields["_csrf"],
            "_op": "projects_gatekeep_pass",
            FOR: named,
            "_part.ref": f"{CITY}-019a0000-0000-7000-8000-000000000001",
            "_key": "for-nobody",
        }
        answer = await unit.send("/console/messages", sent)
        assert answer.status_code in (400, 403, 422), (named, answer.status_code)


@pytest.mark.parametrize("visitor", [None, object()], ids=["nobody", "somebody"])
def test_what_is_cited_is_letters(visitor: object | None) -> None:
    """Articles become chips, the rest of a sentence stays letters, whatever it is and whoever reads."""
    template = ENV.from_string(
        "{{ text | cited }}<p>{{ text | cited([9]) }}</p>{{ reading(text) }}{{ art(23, text) }}"
        "{{ text | marked([text]) }}"
    )
    for text in TEXTS:
        for said in (text, f"第九条{text}第二十三条", f"》{text}第九条"):
            shown = _page(template.render(text=said, visitor=visitor))
            assert taken(shown) == [], said
            assert said.replace("\n", "") in "".join(shown._reader.seen).replace("\n", "") or "&" in said
