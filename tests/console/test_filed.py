"""A link to a file says that it is one, in every template; of addresses made elsewhere, on every page a test opens."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.console import pages
from service.console.files import _LISTS, _THINGS
from tests.console.browser import read
from tests.console.filed import ROUTES, unsaid

TEMPLATES = sorted((Path(pages.__file__).parent / "templates").rglob("*.html"))
_TOLD, _ASKED = re.compile(r"\{\{.*?\}\}", re.DOTALL), re.compile(r"\{%.*?%\}", re.DOTALL)


def bare(template: str) -> list[str]:
    """Links of a template to files, without `download`; whatever is filled in is `x`."""
    return unsaid(read(_ASKED.sub("", _TOLD.sub("x", template))).tags)


def test_what_answers_with_a_file_is_known() -> None:
    known = {
        "/console/files/{name:str}",
        "/console/files/{name:str}/{ref:str}",
        "/console/draft-templates/{kind:str}",
        "/console/projects/{ref:str}/files/{document:str}",
        "/console/projects/{ref:str}/paper/{kind:str}",
        "/console/projects/{ref:str}/evidence",
        "/console/assignments/{ref:str}/files/{document:str}",
    }
    assert known <= set(ROUTES)


def test_every_file_is_linked_from_somewhere() -> None:
    """By its name in a template or a register: one that no page leads to is nobody's."""
    here = Path(pages.__file__).parent
    sources = [each for each in here.glob("*.py") if each.name != "files.py"]
    said = "".join(each.read_text(encoding="utf-8") for each in (*TEMPLATES, *sources))
    assert [name for name in (*_LISTS, *_THINGS) if name not in said] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.name)
def test_a_link_to_a_file_says_so(template: Path) -> None:
    assert bare(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        '<a href="/console/files/receipt.pdf/{{ found.id }}">',
        '<a class="btn" href="/console/files/totals.csv">',
        '<a href="/console/draft-templates/{{ each.kind }}?number={{ one.number }}">',
        '{% if a > 1 %}<a href="/console/projects/{{ a if a > 2 else b }}/evidence">{% endif %}',
    ],
)
def test_one_that_does_not_is_found(text: str) -> None:
    assert len(bare(text)) == 1
    assert bare(text.replace('">', '" download>')) == []


async def test_so_do_those_that_a_list_makes(visit: Callable[..., Any]) -> None:
    """What a register links to and hands out; the browser of these tests refuses a page with a link that does not."""
    office = await visit("360000", "office")
    duties = await office.go("/console/duties")
    assert any(given.get("href") == "/console/files/duties.ics" for _, given in duties.tags)
