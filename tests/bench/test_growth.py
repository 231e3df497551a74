"""What `make growth` says of what it measured: growth, and what was measured no more, are never a success."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from tests.bench import growth
from tests.bench.growth import Measured, grew, show
from tests.bench.growth_operations import reads

SIZES = (1_000, 10_000)


def _at(**pages: int) -> dict[str, Measured]:
    return {name: Measured(count, count, 1, None) for name, count in pages.items()}


def _read(pages: int, rows: int, shown: int = 0) -> Measured:
    return Measured(pages, rows, 1, None, shown)


def test_twice_and_a_few_pages_is_the_bound() -> None:
    assert not grew(_read(100, 100), _read(240, 240))
    assert grew(_read(100, 100), _read(241, 100))
    assert grew(_read(100, 100), _read(100, 241))
    assert not grew(_read(0, 0), _read(40, 40)), "an index that became higher"


def test_a_page_that_is_fuller_may_read_more() -> None:
    assert not grew(_read(50, 50, shown=4), _read(500, 500, shown=49))
    assert grew(_read(50, 50, shown=4), _read(1100, 500, shown=49))
    assert grew(_read(500, 500, shown=50), _read(1100, 500, shown=50))
    assert grew(_read(50, 50, shown=50), _read(200, 50, shown=10)), "an emptier one may not"


def test_what_grew_and_what_was_measured_no_more_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    less, more = _at(flat=100, grown=100, gone=5), _at(flat=110, grown=900, new=5)
    assert show(less, more, SIZES, "") == ["gone (not measured at 10,000)", "grown"]
    assert show(less, {**more, **_at(gone=5)}, SIZES, "") == ["grown"]
    assert "grown" in capsys.readouterr().out


def test_what_is_bounded_may_grow_to_its_bound_and_what_is_open_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def at(pages: int, *names: str) -> dict[str, Measured]:
        return {name: Measured(pages, pages, 1, None) for name in names}

    inbox, summary = "city: /inbox?unread=true", "portal: /obligations?mine=true"
    assert show(at(100, inbox), at(7_000, inbox), SIZES, "") == []
    assert show(at(100, inbox), at(7_001, inbox), SIZES, "") == [inbox]
    assert show(at(100, summary), at(900, summary), SIZES, "") == [summary]
    assert show(at(100, summary), at(900, summary), SIZES, "", known=True) == []
    assert "!" in capsys.readouterr().out


@pytest.mark.parametrize(("found", "code"), [([], 0), (["grown"], 1)])
def test_growth_is_the_exit_code(monkeypatch: pytest.MonkeyPatch, found: list[str], code: int) -> None:
    monkeypatch.setattr(growth, "measure", lambda *_, **__: found)
    assert growth.main(["--short"]) == code


@pytest.mark.parametrize(("status", "measured"), [(200, True), (403, False), (404, None), (500, None)])
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
