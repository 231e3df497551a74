"""Lists, filters, counts, calendars and evidence are true on the day they are read, worker or no worker."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from service.measures.lifecycle_states import State
from service.obligations.texts import told
from tests.obligations.days import case, on, the

LASTS = [{"reason": "force_majeure", "since": "2026-03-05", "until": None, "article": 29}]
ENDED = [{"reason": "force_majeure", "since": "2026-03-05", "until": "2026-03-11", "article": 29}]
ENDS_TODAY = [{"reason": "suspension", "since": "2026-03-05", "until": "2026-03-12", "article": 41}]
EXTENDED = [{"reason": "extension", "since": "2026-03-05", "until": None, "article": 30}]
BEGINS = [{"reason": "suspension", "since": "2026-03-12", "until": None, "article": 41}]


@pytest.fixture
async def project(at: Any, approve: Any, relay: Any) -> str:
    """Approved on 2 March and not filed: the filing is owed by 12 March, as practice."""
    at("2026-03-02")
    made = str(await approve("2026-03-02", file=False))
    await relay()
    return made


@pytest.fixture
async def forge(project: str, sql: Any) -> AsyncIterator[Any]:
    """forge(code, due, state, pauses, paused) rewrites the filing's row; afterwards it is what it was.

    A row that nobody derived would differ from what a rebuilding makes, which another test compares. The case is marked
    as derived on the day of the reading, so that the row is read as it stands.
    """
    mark = "UPDATE obligation_cases SET derived_on = $2 WHERE project_id = $1"
    change = (
        "UPDATE obligations SET code = $2, due = $3, state = $4, pauses = $5, paused = $6,"
        " done_on = CASE WHEN $4 = 'done' THEN DATE '2026-03-01' END WHERE id = $1 RETURNING id"
    )
    (row,) = await sql(
        "SELECT id, code, due, state, pauses, paused FROM obligations"
        " WHERE tenant_id = '360100' AND project_id = $1 AND code = 'filing' AND state = 'open'",
        project.partition("-")[2],
    )

    async def run(*given: Any) -> None:
        assert len(await sql(change, row["id"], *given)) == 1
        await sql(mark, project.partition("-")[2], date(2026, 3, 12))

    yield run
    await run(*list(row)[1:])
    await sql(mark, project.partition("-")[2], None)


async def test_a_day_that_passes_is_late_everywhere_before_anybody_looks(
    as_user: Any, at: Any, project: str, look: Any
) -> None:
    keeper, office = as_user("360100", "gatekeeper"), as_user("360000", "office")

    async def seen() -> list[Any]:
        found: list[Any] = []
        for caller in (keeper, office):
            for state in ("open", "lapsed"):
                page = (await caller("GET", f"/obligations?limit=200&code=filing&state={state}")).json()[
                    "items"
                ]
                found.append(
                    [(i["state"], i["late"], i["days_left"]) for i in page if i["project_id"] == project]
                )
            counts = (await caller("GET", "/obligations/summary")).json()["items"]
            filing = [
                c for t in counts if t["tenant"] == "360100" for c in t["codes"] if c["code"] == "filing"
            ]
            found.append([(c["open"], c["lapsed"]) for c in filing])
        of = (await keeper("GET", f"/projects/{project}/obligations")).json()["items"]
        found.append([(i["code"], i["state"], i["late"], i["days_left"]) for i in of])
        calendar = (await keeper("GET", "/obligations/calendar.ics")).content.decode()
        found.append("【已逾期】" in calendar)
        pack = await office("GET", f"/projects/{project}/evidence")
        with zipfile.ZipFile(io.BytesIO(pack.content)) as files:
            rows = json.loads(files.read("tables/obligations.json"))
        found.append([row["state"] for row in rows if row["code"] == "filing"])
        return found

    at("2026-03-12")  # the due day itself is in time
    assert (await seen())[:2] == [[("open", False, 0)], []]
    at("2026-03-13")
    unlooked = await seen()
    assert unlooked[:2] == [[], [("lapsed", True, -1)]]
    assert unlooked[-2:] == [True, ["lapsed"]]
    await look()
    assert await seen() == unlooked


@pytest.mark.parametrize(
    ("code", "due", "stored", "pauses", "state", "paused"),
    [
        ("filing", "2026-03-12", "open", [], "open", False),
        ("filing", "2026-03-11", "open", [], "lapsed", False),
        ("filing", "2026-03-11", "open", LASTS, "open", True),
        ("filing", "2026-03-11", "open", ENDED, "lapsed", False),
        ("filing", "2026-03-11", "open", ENDS_TODAY, "open", True),
        ("filing", "2026-03-11", "open", EXTENDED, "lapsed", False),
        ("filing", "2026-03-11", "lapsed", BEGINS, "open", True),
        ("filing", "2026-03-20", "lapsed", [], "lapsed", False),  # answered in vain: late before its day
        ("filing", "2026-03-01", "done", LASTS, "done", False),
        ("filing", "2026-03-01", "void", [], "void", False),
        ("trial_run", "2026-03-12", "open", [], "done", False),  # six months are reached, not kept within
        ("trial_run", "2026-03-13", "open", [], "open", False),
        ("trial_run", "2026-03-11", "open", LASTS, "open", True),
    ],
)
async def test_what_time_alone_changes_is_read_from_the_row_and_the_day(
    as_user: Any,
    at: Any,
    project: str,
    forge: Any,
    code: str,
    due: str,
    stored: str,
    pauses: list[Any],
    state: str,
    paused: bool,
) -> None:
    """`paused` is stored the wrong way round: nothing that is shown leans on it."""
    await forge(code, date.fromisoformat(due), stored, json.dumps(pauses), not paused)
    at("2026-03-12")
    office = as_user("360000", "office")
    of = (await office("GET", f"/projects/{project}/obligations")).json()["items"]
    (row,) = [each for each in of if each["code"] == code]
    assert (row["state"], row["paused"]) == (state, paused)
    assert row["late"] == (state == "lapsed")
    for asked in ("", "&state=open", "&state=lapsed", "&state=done", "&state=void"):
        page = (await office("GET", f"/obligations?limit=200&code={code}{asked}")).json()["items"]
        listed = row["id"] in {each["id"] for each in page}
        assert listed == (state in ("open", "lapsed") if not asked else asked.endswith(state)), asked


def test_a_least_period_is_no_deadline() -> None:
    owed = the(case(State.TRIAL_RUN, "2026-08-03", facts={"trial_run": on("2026-03-02")}), "trial_run")
    ahead = told(owed, date(2026, 8, 3))
    assert "应于" not in ahead and "前" not in ahead and "不少于" in ahead and "还有30天" in ahead
    assert "已逾期" not in told(owed, date(2026, 9, 5))


async def test_open_duties_are_paged_from_the_resting_to_those_ahead(
    as_user: Any, at: Any, project: str, forge: Any
) -> None:
    await forge("filing", date(2026, 3, 11), "open", json.dumps(LASTS), True)
    at("2026-03-12")
    keeper = as_user("360100", "gatekeeper")
    path = "/obligations?state=open"
    whole = (await keeper("GET", f"{path}&limit=200")).json()["items"]
    due = [each["due"] for each in whole]
    assert due == sorted(due)
    assert due[0] < "2026-03-12" < due[-1], "one that rests, and one that is ahead"
    walked, cursor = list[str](), ""
    while len(walked) < 20:
        page = (await keeper("GET", f"{path}&limit=1{cursor}")).json()
        walked += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert walked == [each["id"] for each in whole][: len(walked)]
    assert len(walked) == min(20, len(whole))
