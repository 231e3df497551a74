"""One walk over every list: what it may be asked, that its pages give every row once, that nothing is sent twice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

import service
import service.app
from service.kit.listing import Listing
from service.kit.paging import Pages
from tests.contract.operations import BY_ID, LISTS, MATRIX, Operation, resolved
from tests.lives import TENANT, People


def _answer(operation: Operation) -> dict[str, Any]:
    told = operation.doc["responses"].get("200", {}).get("content", {}).get("application/json", {})
    return dict(resolved(told.get("schema", {})).get("properties", {}))


PAGED = [each for each in LISTS if {"items", "next_cursor"} <= _answer(each).keys()]
MOST_PAGES = 25
# Which list an export gives the rows of.
EXPORTS = {
    "exports_projects_csv": "projects_list_page",
    "exports_filings_csv": "filings_list_page",
    **{
        f"monitoring_{name}_csv": f"monitoring_{name}"
        for name in ("near_line", "labels", "maintenance", "reasons", "unfiled")
    },
}


def _choices(parameter: dict[str, Any]) -> list[str]:
    schema = parameter["schema"]
    one = resolved(schema.get("items", schema))
    return [str(each) for each in one.get("enum", ())]


async def _read(caller: Any, path: str, **more: Any) -> httpx.Response:
    answer: httpx.Response = await caller("GET", path, **more)
    assert answer.status_code == 200, (path, answer.text)
    return answer


@pytest.mark.parametrize("operation", PAGED, ids=str)
async def test_every_list_is_asked_in_one_way(operation: Operation, find: People) -> None:
    """Unknown parameters and values are 400 with the choices there are; several values mean the same both ways."""
    caller, path = find(TENANT, operation.may[0]), operation.path
    by_name = {each["name"]: each for each in operation.parameters if each["in"] == "query"}
    most = by_name["limit"]["schema"]["maximum"]
    for wrong in ("nonsense=1", "limit=0", f"limit={most + 1}", "limit=x", "cursor=AAAA"):
        refused = await caller("GET", f"{path}?{wrong}")
        assert refused.status_code == 400, wrong
    assert (await caller("GET", f"{path}?cursor=AAAA")).json()["code"] == "invalid_cursor"
    for name, parameter in by_name.items():
        choices = _choices(parameter)
        if not choices:
            continue
        refused = await caller("GET", f"{path}?{name}=nonsense_x")
        assert refused.status_code == 400
        assert all(each in refused.text for each in choices), f"{name}: tell the choices"
        if parameter["schema"].get("type") == "array" and len(choices) > 1:
            one, other = choices[:2]
            commas = await _read(caller, f"{path}?{name}={one},{other}")
            again = await _read(caller, f"{path}?{name}={one}&{name}={other}")
            assert commas.json()["items"] == again.json()["items"]
            twice = await caller("GET", f"{path}?{name}={one},{one}")
            assert twice.status_code == 400, name


@pytest.mark.parametrize("operation", PAGED, ids=str)
async def test_every_list_gives_each_row_once_and_304_where_nothing_changed(
    operation: Operation, find: People
) -> None:
    caller = find(TENANT, operation.may[0])
    most = next(each for each in operation.parameters if each["name"] == "limit")["schema"]["maximum"]
    whole = await _read(caller, f"{operation.path}?limit={min(most, 100)}")
    told = whole.json()["items"]
    tag = whole.headers["etag"]
    assert tag.startswith('W/"')
    headers = {"if-none-match": tag}
    again: httpx.Response = await caller("GET", f"{operation.path}?limit={min(most, 100)}", headers=headers)
    if (
        whole.headers.get("etag")
        == (await _read(caller, f"{operation.path}?limit={min(most, 100)}")).headers["etag"]
    ):
        assert (again.status_code, again.content) == (304, b""), "nothing has changed"
    seen: list[Any] = []
    url: str | None = f"{operation.path}?limit=1"
    for _ in range(MOST_PAGES):
        page = await _read(caller, url or "")
        seen += page.json()["items"]
        link = page.headers.get("link")
        assert (link is None) == (page.json()["next_cursor"] is None)
        if link is None:
            break
        url = link[1 : link.index(">")]
    ids = [each.get("id", each.get("project_id")) for each in seen]
    keyed = [each for each in ids if each is not None]
    assert len(set(keyed)) == len(keyed), "no row twice"
    assert ids == [each.get("id", each.get("project_id")) for each in told][: len(ids)], (
        "as the whole list has them"
    )


@pytest.mark.parametrize("operation", PAGED, ids=str)
async def test_a_filter_takes_what_the_list_gives(operation: Operation, find: People) -> None:
    """Where a parameter is called as a member is: its value finds the items that have it, and no others."""
    caller = find(TENANT, operation.may[0])
    items = (await _read(caller, f"{operation.path}?limit=20")).json()["items"]
    for name in set(operation.query_names) - {"cursor", "limit", "order"}:
        told = next((each[name] for each in items if isinstance(each.get(name), str) and each[name]), None)
        if told is not None:
            page = (await _read(caller, operation.path, params={name: told})).json()["items"]
            assert page and {each[name] for each in page} == {told}, (name, told)


@pytest.mark.parametrize("export", EXPORTS, ids=str)
async def test_an_export_has_the_rows_of_its_list(export: str, find: People) -> None:
    file, listed = BY_ID[export], BY_ID[EXPORTS[export]]
    paging = {"cursor", "limit", "count"}
    assert {name for name in listed.query_names if name not in paging} == set(file.query_names) - {"format"}
    role = next(each for each in MATRIX[file.permission or ""] if each in listed.may)
    caller, rows = find(TENANT, role), 0
    url: str | None = f"{listed.path}?limit=200"
    while url:
        page = await _read(caller, url)
        rows += len(page.json()["items"])
        link = page.headers.get("link")
        url = link[1 : link.index(">")] if link else None
    assert (await _read(caller, file.path)).headers["x-row-count"] == str(rows)


# Lists that no statement has in order, and why; every other one is a Listing.
MERGED = {
    "tasks": "merged of up to thirty queues over several tables, each bounded by its own index",
    "apps": "ranked as a whole by words, with facets of all that matches",
}
# Their paths name a row above them, which the call fills in.
BELOW = {"/api/v1/projects/{ref}/records": "records", "/api/v1/webhooks/{ref}/deliveries": "deliveries"}


def test_every_paged_operation_stands_on_the_one_class_of_lists() -> None:
    paged = {
        each.path
        for each in BY_ID.values()
        if each.method == "GET" and {"items", "next_cursor"} <= _answer(each).keys()
    }
    lists = list(Pages.every)
    paths = {f"/api/v1{each.path}" for each in lists}
    assert {path for path in paged - paths if BELOW.get(path) not in {each.name for each in lists}} == set()
    assert {each.name for each in lists if not isinstance(each, Listing)} == set(MERGED)


def test_nobody_else_makes_cursors() -> None:
    """A list that does not stand on kit/paging's Pages would have its own cursors, links and refusals again."""
    folder = Path(service.__file__).parent
    found = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.py")
        if re.search(r"paging import [^\n]*\b(un)?seal\b", path.read_text(encoding="utf-8"))
    }
    assert found == {"console/previewing.py"}, "which seals what a page has shown, no cursor"
