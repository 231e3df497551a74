"""Hostile texts are letters: in every field of a form kept or refused, in searches, parts, labels of drawings."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from service.console.drawing import Column, columns
from tests.browser.hostile import TEXTS
from tests.browser.making import flat
from tests.console.browser import Shown
from tests.factories import facts, materials

# Elements that pages have nowhere but where a text became one; attributes that no template writes.
NEVER = {"pwn", "iframe", "object", "embed", "base", "style", "video", "source", "math", "img"}
COMING = re.compile(r"^\s*(?:javascript|data|vbscript):|^//", re.I)


def taken(shown: Shown) -> list[Any]:
    """Elements and attributes of the page that a text made."""
    found: list[Any] = []
    for tag, given in shown.tags:
        scripts = tag == "script" and not (given.get("src") or "").startswith("/console/static/")
        if tag in NEVER or scripts or any(name.startswith(("on", "hx-on", "style")) for name in given):
            found.append((tag, given))
        found += [
            (tag, name) for name in ("href", "src", "action", "hx-get") if COMING.match(given.get(name) or "")
        ]
    return found


def test_there_are_fifty_and_they_are_found_where_nothing_escapes_them() -> None:
    assert len(set(TEXTS)) == 50
    marked = [each for each in TEXTS if "<" in each and not each.startswith(("<!", "&"))]
    told = [each for each in marked if taken(_page(f'<p title="">{each}</p>'))]
    assert len(told) > 25, sorted(set(marked) - set(told))


def _page(html: str) -> Shown:
    class Came:
        status_code, text = 200, html

    return Shown(Came())  # type: ignore[arg-type]


@pytest.mark.parametrize("turn", range(4))
async def test_every_field_of_a_draft_takes_them_as_letters(visit: Callable[..., Any], turn: int) -> None:
    """Each field with another of them each time: kept and shown on every step, or refused and given back."""
    unit = await visit("360100", "unit")
    form = (await unit.go("/console/projects/new")).form("projects_create")
    texts = iter(TEXTS[turn * 13 :] + TEXTS)
    body = {"name": f"视频会议{next(texts)}", "facts": facts(), "materials": materials("4000000.00")}
    given = {
        pointer: next(texts) if re.search(r"[\u4e00-\u9fff]", value) and "/" in pointer[1:] else value
        for pointer, value in flat(body).items()
    }
    marks = {name.rpartition(":")[0]: name for name in form.fields if ":" in name}
    form.fields |= {marks.get(pointer, pointer): value for pointer, value in given.items()}
    form.fields |= {name: value for name, value in {**_typed(body)}.items() if value}
    for more in ({"_look": "1"}, {}):
        sent = await unit.send("/console/projects/new", _with(form, more))
        shown = Shown(sent)
        assert sent.status_code in (200, 303, 422), sent.text
        assert taken(shown) == [] and "49" not in shown.text.replace("4900", "")[:60]
    if sent.status_code == 303:
        at = sent.headers["location"].partition("?")[0]
        for address in (
            at.removesuffix("/edit"),
            *(f"{at}?step={step}" for step in ("content", "reuse", "submit")),
        ):
            assert taken(await unit.go(address)) == [], address
        assert taken(await unit.go("/console/projects")) == []


def _typed(body: dict[str, Any]) -> dict[str, str]:
    return {
        f"{pointer}:boolean": value for pointer, value in flat(body).items() if value in ("true", "false")
    }


def _with(form: Any, more: dict[str, str]) -> Any:
    class Sent:
        action, method, fields = form.action, form.method, {**form.fields, **more}

    return Sent()


async def test_searches_and_parts_say_them_as_letters(visit: Callable[..., Any]) -> None:
    unit = await visit("360100", "unit")
    for text in TEXTS:
        shown = await unit.go(f"/console/apps?text={quote(text)}")
        assert shown.status in (200, 400, 422) and taken(shown) == [], (text, taken(shown))
    drc = await visit("360000", "drc")
    for text in TEXTS[::3]:
        shown = await drc.go(f"/console/projects?text={quote(text)}&state={quote(text)}")
        assert taken(shown) == [], text


def test_labels_of_drawings_are_letters() -> None:
    for text in TEXTS:
        drawn = str(columns([Column(text, (1, 2))], text))
        assert taken(_page(drawn)) == [], text
