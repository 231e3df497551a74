"""Art. 8: when similar projects look like one in parts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.measures.splitting import Part, split_of

LINE, HIGH = 500_000_000, 1_000_000_000


def part(key: str, fen: int, line: int | None = LINE) -> Part:
    return Part(key, fen, line)


def test_a_department_needs_no_line() -> None:
    found = split_of(part("a", 100, None), [part("b", 200, None)])
    assert found is not None and (found.line_fen, found.sum_fen, found.article) == (None, 300, 8)
    assert split_of(part("a", 100, None), []) is None


def test_the_line_itself_is_reached_by_reading_r1() -> None:
    parts = [part("b", LINE - 100)]
    assert split_of(part("a", 100), parts) is not None
    assert split_of(part("a", 99), parts) is None
    assert split_of(part("a", 100), parts, inclusive=False) is None
    assert split_of(part("a", 101), parts, inclusive=False) is not None


def test_classes_with_two_lines_are_held_to_the_lowest_that_all_stay_under() -> None:
    found = split_of(part("a", 600_000_000, HIGH), [part("b", 450_000_000)])
    assert found is not None and found.line_fen == HIGH
    found = split_of(part("a", 300_000_000, HIGH), [part("b", 300_000_000)])
    assert found is not None and found.line_fen == LINE


AMOUNTS = st.integers(0, 2 * LINE)


@given(AMOUNTS, st.lists(AMOUNTS, max_size=6))
def test_every_part_stays_under_and_all_together_reach(new: int, others: list[int]) -> None:
    parts = [part(str(number), fen) for number, fen in enumerate(others)]
    found = split_of(part("new", new), parts)
    under = [fen for fen in (new, *others) if fen < LINE]
    expected = new < LINE and len(under) > 1 and sum(under) >= LINE
    assert (found is not None) is expected
    if found is not None:
        assert found.sum_fen == sum(under) and len(found.parts) == len(under)
