"""The planted sentence, everywhere (art. 14): each deed of the API with a mark of its own in every text it takes, the
cases it made purged, and each mark looked for in every column of every table, in files, in Valkey and in answers.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis.asyncio

from service.audit.check import report
from service.audit.jobs import seal
from service.kit import clock
from service.kit.db import metadata
from service.kit.relay import drain
from service.kit.telemetry import Telemetry
from service.portfolio.erasing import purge_spills
from service.portfolio.erasure_plan import RULES
from service.worker import SUBSCRIBERS
from tests.contract.conftest import call
from tests.contract.operations import LISTS, OPERATIONS
from tests.contract.recipes import RECIPES, prepare
from tests.lives import Ready, World, good, people
from tests.spills.leaving import (
    DESKS,
    app_of_a_case,
    delivered,
    entry_of_a_case,
    file_of_a_case,
    joined,
    system_of_a_case,
)
from tests.spills.planting import Pen, Planting, found_in_rows, mark_of, marks_of

# Registries and plans are nobody's case, and a workbook is what an office sent in, for thirty days at most.
ELSEWHERE = ("/experts", "/plans", "/workbooks")
# Words of others about themselves, kept beside a case: who was drawn; what an adopter says of its own use.
STAYS = {"appraisal_experts", "experts", "adoptions", "provisions"}
Deed = Callable[[World], Awaitable[Any]]


def _recipe(operation: Any, reads: list[Any]) -> Deed:
    async def deed(w: World) -> None:
        if operation.id in Planting.pen.taken:
            return  # a longer deed went by here, with its own mark
        ready = await prepare(operation, w)
        good(await call(w.by(ready.who), operation, ready))
        if operation.method == "GET":
            reads.append((operation, ready))

    return deed


# The longest lives first: they pass by most of the others' operations.
LONGEST = ("acceptance", "orders", "delivery", "catalogue", "reviews", "library_joint", "library")
OF_A_CASE = "/api/v1/projects/{ref}"


def _length(operation: Any) -> int:
    kind = RECIPES[operation.id].__module__.partition("recipes_")[2] if operation.id in RECIPES else ""
    return LONGEST.index(kind) if kind in LONGEST else len(LONGEST)


def deeds(reads: list[Any]) -> Iterator[tuple[str, Deed]]:
    """Every operation by its recipe or its documented example, and what takes more than one; `reads`: to ask again.

    What reads a case needs none of its own: it is asked of the longest lives.
    """
    for own in (app_of_a_case, joined, entry_of_a_case, file_of_a_case, system_of_a_case):
        yield own.__name__, own
    for operation in sorted(OPERATIONS, key=_length):
        known = operation.id in RECIPES or (operation.unsafe and operation.example is not None)
        of_a_case = operation.method == "GET" and operation.path.startswith(OF_A_CASE)
        if operation.permission and known and not of_a_case and not operation.id.startswith("spills_"):
            yield operation.id, _recipe(operation, reads)


async def planted_by_deeds(w: World, superuser: Any, reads: list[Any]) -> dict[str, str]:
    """mark → the deed that planted it, for every deed that made a case."""
    told, known = {}, 0
    for number, (name, deed) in enumerate(deeds(reads)):
        Planting.pen.mark = mark_of(number)
        await deed(w)
        await delivered(w)
        cases = await superuser.fetchval("SELECT count(*) FROM projects")
        if cases > known:
            told[Planting.pen.mark] = name
        known = cases
    return told


async def planted_by_hand(connection: Any, mark: str) -> set[str]:
    """The mark in every column that the plan erases, of every row of every case; the tables so written."""
    written = set()
    for name, rules in RULES.items():
        for rule in rules:
            sets = []
            for column in rule.erase:
                kind = type(metadata.tables[name].c[column].type).__name__
                if (
                    kind == "JSONB" and column != "projects"
                ):  # a plan is found by them; their names come by deed
                    extra = json.dumps({"x": mark})
                    sets.append(
                        f"{column} = CASE WHEN jsonb_typeof({name}.{column}) = 'array' "
                        f"THEN {name}.{column} || '[{extra}]' ELSE {name}.{column} || '{extra}' END"
                    )
                elif kind == "LargeBinary":
                    sets.append(f"{column} = convert_to('{mark}' || z.project_id, 'UTF8')")
                elif kind == "Text" and column not in ("answer", "removal_reason"):
                    sets.append(f"{column} = coalesce({name}.{column}, '') || '{mark}' || z.project_id")
                elif kind == "Text":  # told together with a day
                    sets.append(f"{column} = {name}.{column} || '{mark}'")
            if sets and not rule.delete:
                done = await connection.execute(
                    f"UPDATE {name} SET {', '.join(sets)} FROM (SELECT tenant_id, id AS project_id FROM projects) z "
                    f"WHERE {rule.where.format(t=name)}"
                )
                written |= {name} if done != "UPDATE 0" else set()
    return written


async def purged(superuser: Any, door: Any, storage: Any) -> None:
    """All cases there are, one by one; that two people must ask for each is tested elsewhere."""
    for case in await superuser.fetch("SELECT tenant_id, id FROM projects"):
        await superuser.execute(
            "INSERT INTO spills VALUES ($1, gen_random_uuid(), $2, NULL, 'text', 'confirmed', 'a', $1, "
            "gen_random_uuid(), now(), 'b', $1, gen_random_uuid(), now(), NULL, NULL)",
            *case,
        )
        assert await purge_spills(door, storage) == 1
        for tenant in DESKS:
            await drain(door, tenant, SUBSCRIBERS, Telemetry())
        clock.travel(clock.now() + timedelta(minutes=2))
        assert await purge_spills(door, storage) == 1
        clock.travel(None)


async def in_valkey(url: str) -> set[str]:
    """Marks in the names and values of every key."""
    client = redis.asyncio.from_url(url)
    found: set[str] = set()
    async for key in client.scan_iter():
        found |= marks_of(repr(key)) | marks_of(repr(await client.dump(key)))
    await client.aclose()
    return found


async def in_answers(as_user: Any, reads: list[Any], longest: list[str], told: set[str]) -> dict[str, Any]:
    """What every list, search and page about a purged case answers that it should not: a mark, or that it broke."""
    find, found = people(as_user), {}
    asked = [(each, Ready(who, query=_words(each, min(told)))) for each in LISTS for who in each.may]
    asked += [
        (each, Ready(who, {"ref": case, "number": 1}))
        for each in OPERATIONS
        if each.method == "GET" and each.path.startswith(OF_A_CASE)
        for who in each.may
        for case in longest
    ]
    for operation, ready in [*asked, *reads]:
        answer = await call(find("360100", ready.who), operation, ready)
        if operation.id.startswith("adoptions_") and answer.is_success:
            continue  # what an adopter says of its own use stays
        if answer.status_code >= 500 or (seen := marks_of(answer.text) & told):
            found[f"{operation.id} {ready.who}"] = answer.status_code if answer.status_code >= 500 else seen
    return found


async def a_paper(as_user: Any, superuser: Any) -> None:
    """A receipt fetched by its city: the bytes are kept from then on."""
    for row in await superuser.fetch("SELECT tenant_id || '-' || id AS ref FROM filings ORDER BY id"):
        answer = await as_user("360100", "gatekeeper")("GET", f"/filings/{row['ref']}/receipt.pdf")
        if answer.is_success:
            return
    raise AssertionError("no receipt could be had")


def _words(operation: Any, word: str) -> dict[str, str]:
    return {name: word for name in operation.query_names if name in ("q", "text")}


@pytest.fixture
def planting(as_user: Any, door: Any, settings: Any) -> World:
    plain = people(as_user)
    Planting.pen = Pen(elsewhere=ELSEWHERE)

    def find(tenant: str, who: str) -> Planting:
        caller = plain(tenant, who)
        return Planting(caller.client, caller.token)

    return World(find, door, Telemetry(), settings.database_url)


@pytest.mark.long
async def test_art_14_no_word_of_any_deed_is_left(
    planting: World, as_user: Any, door: Any, settings: Any, storage: Any, superuser: Any
) -> None:
    for tenant in ("360000", "360100"):
        hook = {"url": "https://portal.example/hook", "kinds": []}
        good(await as_user(tenant, "administrator")("POST", "/webhooks", hook))
    reads: list[Any] = []
    told = await planted_by_deeds(planting, superuser, reads)
    assert len(told) > 80
    known = {each.id for each in OPERATIONS if each.unsafe and each.id in RECIPES}
    assert not {each for each in known - Planting.pen.taken if not each.startswith("spills_")}, "took no word"
    before = await found_in_rows(superuser)
    assert told.keys() - before.keys() == set(), "a deed took no word"
    await a_paper(as_user, superuser)
    by_hand = mark_of(-1)
    written = await planted_by_hand(superuser, by_hand)
    expected = {
        name for name, rules in RULES.items() if any(rule.erase and not rule.delete for rule in rules)
    }
    assert expected - written == set(), "no row of the case: add a deed that leaves one"
    assert set((await found_in_rows(superuser))[by_hand]) == written
    longest = await superuser.fetch(
        "SELECT tenant_id || '-' || id AS id FROM projects ORDER BY version DESC LIMIT 3"
    )
    await purged(superuser, door, storage)
    after = await found_in_rows(superuser)
    left = {
        told.get(mark, "by hand"): tables for mark, tables in after.items() if mark in told or mark == by_hand
    }
    assert {deed: set(tables) - STAYS for deed, tables in left.items() if set(tables) - STAYS} == {}
    marks = {*told, by_hand}
    files = [storage.get(tenant, key) or b"" for tenant, key, _ in list(storage.kept())]
    assert not {mark for each in files for mark in marks_of(each.decode("utf-8", "ignore"))} & marks
    assert not await in_valkey(settings.valkey_url) & marks
    assert await in_answers(as_user, reads, [row["id"] for row in longest], marks) == {}
    clock.travel(clock.now().replace(year=2099))
    await seal(door, settings, Telemetry())
    clock.travel(None)
    assert await report(door, settings) == 0, "the audit chain no longer verifies"
