"""The vocabulary and the articles over HTTP: for everybody with a role, by name, and 304 to whoever has them."""

from __future__ import annotations

import httpx

from tests.contract.operations import DOCUMENT
from tests.lives import TENANT, People


async def test_the_vocabulary_is_what_the_document_says(find: People) -> None:
    answer = await find(TENANT, "county.user")("GET", "/vocabulary")
    assert answer.status_code == 200
    listed = {each["name"]: each for each in answer.json()["items"]}
    for schema in DOCUMENT["components"]["schemas"].values():
        if "x-vocabulary" in schema:
            entries = listed[schema["x-vocabulary"]]["entries"]
            assert {each["code"]: each["label"] for each in entries} == schema["x-enum-labels"]
            assert [each["order"] for each in entries] == list(range(1, len(entries) + 1))
    (approve,) = [each for each in listed["action"]["entries"] if each["code"] == "approve"]
    assert approve["articles"] == [5, 20, 23], "as the rows of the lifecycle table name them"
    (filed,) = [each for each in listed["state"]["entries"] if each["code"] == "filed"]
    assert filed == {
        "code": "filed",
        "label": {"zh": "已备案", "en": "Filed"},
        "order": filed["order"],
        "tone": "done",
        "articles": [23],
    }


async def test_some_vocabularies_by_name(find: People) -> None:
    unit = find(TENANT, "city.unit")
    answer = await unit("GET", "/vocabulary?name=route,state")
    assert [each["name"] for each in answer.json()["items"]] == ["state", "route"]
    for wrong in ("nothing", "state,", ""):
        assert (await unit("GET", f"/vocabulary?name={wrong}")).status_code == 400


async def test_what_has_not_changed_is_not_sent_again(find: People, client: httpx.AsyncClient) -> None:
    unit = find(TENANT, "city.unit")
    for path in ("/vocabulary?name=state", "/rulebook/articles"):
        first = await unit("GET", path)
        tag = first.headers["etag"]
        headers = {"authorization": f"Bearer {unit.token}"}
        for given in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
            again = await client.get(f"/api/v1{path}", headers={**headers, "if-none-match": given})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        other = await client.get(f"/api/v1{path}", headers={**headers, "if-none-match": '"other"'})
        assert (other.status_code, other.content) == (200, first.content)


async def test_the_articles_are_told_in_order(find: People) -> None:
    items = (await find(TENANT, "city.portal")("GET", "/rulebook/articles")).json()["items"]
    assert [each["number"] for each in items] == list(range(1, 46))
    assert items[8]["name"] == "第九条"
    assert all(len(each["explanation"]) == 2 for each in items)
