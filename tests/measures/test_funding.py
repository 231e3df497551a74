"""Arts 33-35, 38: whatever is asked of a project's money, it sums and nothing unissued is spent."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from service.measures.funding import FundingRefused, Funds, check_lines

AMOUNTS = st.integers(min_value=-5, max_value=120)


class Treasury(RuleBasedStateMachine):
    """A ledger of single moves beside the Money under test: the ledger alone says what is true."""

    def __init__(self) -> None:
        super().__init__()
        self.funds = Funds(approved=100)
        self.paid: list[int] = []
        self.back: list[int] = []
        self.approved, self.issued = 100, 0

    def _try(self, allowed: bool, move: str, amount: int) -> bool:
        try:
            self.funds = getattr(self.funds, move)(amount)
        except FundingRefused:
            assert not allowed, f"{move} {amount} refused"
            return False
        assert allowed, f"{move} {amount} went through"
        return True

    @rule(amount=st.integers(min_value=0, max_value=60))
    def issue(self, amount: int) -> None:
        if self.issued + amount <= self.approved:
            self.issued += amount
            self.funds = Funds(self.approved, self.issued, self.funds.paid, self.funds.returned)

    @rule(amount=AMOUNTS)
    def pay(self, amount: int) -> None:
        room = self.issued - sum(self.paid) - sum(self.back)
        if self._try(0 < amount <= room, "pay", amount):
            self.paid.append(amount)

    @rule(choice=st.integers(min_value=0, max_value=1000))
    def reverse(self, choice: int) -> None:
        if self.paid:
            amount = self.paid.pop(choice % len(self.paid))
            self._try(True, "reverse", amount)

    @rule(amount=AMOUNTS)
    def give_back(self, amount: int) -> None:
        room = self.issued - sum(self.paid) - sum(self.back)
        if self._try(0 < amount <= room, "give_back", amount):
            self.back.append(amount)

    @rule(approved=AMOUNTS)
    def change(self, approved: int) -> None:
        if self._try(approved >= self.issued, "resize", approved):
            self.approved = approved

    @rule()
    def recall(self) -> None:
        taken = self.funds.left
        self.funds = self.funds.recall()
        if taken:
            self.back.append(taken)

    @invariant()
    def it_sums(self) -> None:
        funds = self.funds
        assert (funds.paid, funds.returned) == (sum(self.paid), sum(self.back))
        assert 0 <= funds.paid + funds.returned <= funds.issued <= funds.approved
        assert funds.left == funds.issued - funds.paid - funds.returned
        assert funds.surplus == funds.approved - funds.paid


def test_art_38_money_always_sums() -> None:
    run_state_machine_as_test(
        Treasury, settings=settings(max_examples=80, stateful_step_count=40, deadline=None, database=None)
    )


@given(st.lists(AMOUNTS, max_size=6), st.integers(min_value=1, max_value=200))
def test_arts_33_34_35_lines_are_taken_exactly_when_they_sum(amounts: list[int], total: int) -> None:
    good = all(amount > 0 for amount in amounts) and sum(amounts) == total
    if good:
        check_lines(amounts, total)
    else:
        with pytest.raises(FundingRefused):
            check_lines(amounts, total)


@given(st.lists(st.integers(min_value=1, max_value=10**15), min_size=1, max_size=6))
def test_arts_33_34_35_any_sources_that_sum_are_taken(amounts: list[int]) -> None:
    check_lines(amounts, sum(amounts))
