"""What `make growth` says of what it measured: growth, and what was measured no more, are never a success."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.bench import growth, growth_known, lean
from tests.bench.fill import _statements
from tests.bench.growth import UNREAD, Measured, grew, show
from tests.bench.growth_operations import reads
from tests.bench.kept import Notes
from tests.bench.plans import _rows


def _at(**pages: int) -> dict[str, Measured]:
    return {name: Measured(count, count, 1, None) for name, count in pages.items()}


def _read(pages: int, rows: int, shown: int = 0) -> Measured:
    return Measured(pages, rows, 1, None, shown)


def test_twice_and_a_few_pages_is_the_bound() -> None:
    assert not grew(_read(100, 100), _read(240, 240))
    assert grew(_read(100, 100), _read(241, 100))
    assert grew(_read(100, 100), _read(100, 241))
    assert not grew(_read(0, 0), _read(40, 40)), "an index that became higher"


def test_rows_of_a_table_of_one_page_are_told_by_the_page() -> None:
    """It has what was measured before; of two pages on, and by an index, each row counts, thrown away or not."""
    node = {"Node Type": "Seq Scan", "Actual Rows": 2, "Actual Loops": 50, "Rows Removed by Filter": 20}
    assert _rows({**node, "Shared Hit Blocks": 50}) == 0
    assert _rows({**node, "Shared Hit Blocks": 60, "Shared Read Blocks": 40}) == 1100
    assert _rows({**node, "Node Type": "Index Scan", "Shared Hit Blocks": 50}) == 1100


def test_a_page_that_is_fuller_may_read_more() -> None:
    assert not grew(_read(50, 50, shown=4), _read(500, 500, shown=49))
    assert grew(_read(50, 50, shown=4), _read(1100, 500, shown=49))
    assert grew(_read(500, 500, shown=50), _read(1100, 500, shown=50))
    assert grew(_read(50, 50, shown=50), _read(200, 50, shown=10)), "an emptier one may not"


def test_what_grew_and_what_was_measured_no_more_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    less, more = _at(flat=100, grown=100, gone=5), _at(flat=110, grown=900, new=5)
    assert show({1_000: less, 10_000: more}, "") == ["gone (not measured at 10,000)", "grown"]
    assert show({1_000: less, 10_000: {**more, **_at(gone=5)}}, "") == ["grown"]
    assert "grown" in capsys.readouterr().out


def test_what_was_not_answered_has_grown(capsys: pytest.CaptureFixture[str]) -> None:
    less, more = _at(some=100, other=100), {**_at(some=100), "other": UNREAD}
    assert show({10: less, 100: more}, "") == show({10: more, 100: less}, "") == ["other"]
    verdict = "city: /console/admin/audit/verdict"
    assert show({10: {verdict: _read(1, 1)}, 100: {verdict: UNREAD}}, "", known=True) == [verdict]
    assert capsys.readouterr().out


def test_of_three_sizes_all_are_told_and_the_ends_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    found = {size: _at(some=pages) for size, pages in ((10, 100), (100, 190), (1_000, 777))}
    assert show(found, "") == ["some"]
    head, line = capsys.readouterr().out.splitlines()
    assert head.split()[1:] == [
        each for kind in ("pages", "rows") for size in ("10", "100", "1,000") for each in (kind, size)
    ]
    assert line.split() == ["some", "100", "190", "777", "100", "190", "777", "*"]


def test_what_is_bounded_may_grow_to_its_bound_and_what_is_open_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def at(pages: int, *names: str) -> dict[str, Measured]:
        return {name: Measured(pages, pages, 1, None) for name in names}

    inbox, unmended = "city: /inbox?unread=true", "city: /unmended"
    monkeypatch.setattr(growth_known, "OPEN", {"*: /unmended": "nobody has mended it"})
    assert show({1: at(100, inbox), 2: at(7_000, inbox)}, "") == []
    assert show({1: at(100, inbox), 2: at(7_001, inbox)}, "") == [inbox]
    assert show({1: at(100, unmended), 2: at(900, unmended)}, "") == [unmended]
    assert show({1: at(100, unmended), 2: at(900, unmended)}, "", known=True) == []
    assert "!" in capsys.readouterr().out


@pytest.mark.parametrize(("found", "code"), [([], 0), (["grown"], 1)])
def test_growth_is_the_exit_code(monkeypatch: pytest.MonkeyPatch, found: list[str], code: int) -> None:
    monkeypatch.setattr(growth, "measure", lambda *_, **__: found)
    assert growth.main(["--short"]) == code


@pytest.mark.parametrize(("status", "measured"), [(200, True), (403, False), (404, None), (503, True)])
async def test_what_is_no_answer_does_not_pass_for_one_that_may_not(
    status: int, measured: bool | None
) -> None:
    class Said:
        status_code, text, is_success = status, "x", status == 200
        headers: ClassVar = {"content-type": "application/json"}

        def json(self) -> dict[str, Any]:
            return {}

    async def call(method: str, path: str) -> Any:
        return Said()

    async def names() -> list[str]:
        return [name async for name, _ in reads(lambda *_: call, lambda: None, "/obligations/summary")]

    if measured is None:
        with pytest.raises(RuntimeError, match=str(status)):
            await names()
    else:
        assert bool(await names()) is measured


def test_the_lean_form_leaves_out_what_it_names_and_nothing_else() -> None:
    whole, less = list(_statements(lean=False)), list(_statements(lean=True))
    assert len(whole) == len(less)
    fewer = {few.split("(")[0].split()[-1]: few for few, all_ in zip(less, whole, strict=True) if few != all_}
    assert sorted(fewer) == re.findall(r"\b[a-z]+_[a-z]+\b|inbox|outbox", lean.TOLD.split(";")[0])
    assert all(f"c.n % {lean.ONE_IN} = 0" in few for few in fewer.values())


def test_a_world_that_is_kept_knows_its_form_and_what_was_read(tmp_path: Path) -> None:
    notes = Notes(tmp_path, lean=True)
    notes.filled(1_000)
    notes.read(1_000, _at(some=7))
    again = Notes(tmp_path, lean=True).told
    assert (again.filled, again.read[1_000]["some"].pages) == (1_000, 7)
    assert not grew(again.read[1_000]["some"], _read(40, 40))
    with pytest.raises(ValueError, match="lean form"):
        Notes(tmp_path, lean=False)
