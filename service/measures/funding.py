"""Arts 33-35, 38: a project's money in fen. It sums, nothing unissued is paid, what is left goes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.measures.amounts import yuan_display
from service.vocabulary import names

# Arts 33-35: who pays; social capital is encouraged and has no limit.
SOURCES: Mapping[str, str] = names("funding_source")

# Of these a treasury issues a budget (arts 20, 33, 34).
FISCAL = frozenset({"provincial_fiscal", "city_fiscal", "county_fiscal", "national"})


class FundingRefused(Exception):
    """Why money may not move: a stable `code` and the sentence for the official."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Funds:
    """Invariant: 0 <= paid, 0 <= returned, paid + returned <= min(approved, issued)."""

    approved: int
    issued: int = 0
    paid: int = 0
    returned: int = 0

    @property
    def limit(self) -> int:
        """What can be paid in all: no more than was approved, no more than was issued."""
        return min(self.approved, self.issued)

    @property
    def left(self) -> int:
        """Issued, not spent and not given back."""
        return max(0, self.limit - self.paid - self.returned)

    @property
    def surplus(self) -> int:
        """Art. 38: of the approved total, what was not spent."""
        return self.approved - self.paid

    def pay(self, amount: int) -> Funds:
        """Art. 38: never beyond the budget issued nor the total."""
        _positive(amount)
        if self.paid + amount > self.approved:
            raise FundingRefused("beyond_total", f"累计支付将超过批复总额 {yuan_display(self.approved)}")
        if amount > self.left:
            raise FundingRefused("beyond_budget", f"已下达而未支付的预算只有 {yuan_display(self.left)}")
        return replace(self, paid=self.paid + amount)

    def reverse(self, amount: int) -> Funds:
        """A payment that came back or was recorded in error."""
        if not 0 < amount <= self.paid:
            raise FundingRefused("beyond_paid", f"累计支付只有 {yuan_display(self.paid)}")
        return replace(self, paid=self.paid - amount)

    def give_back(self, amount: int) -> Funds:
        """Art. 38: what was issued and not spent goes back, at once or in parts: the text asks for no single sum."""
        if self.left == 0:
            raise FundingRefused("no_surplus", "没有应退回的结余资金")
        _positive(amount)
        if amount > self.left:
            raise FundingRefused("beyond_surplus", f"应退回的结余资金只有 {yuan_display(self.left)}")
        return replace(self, returned=self.returned + amount)

    def recall(self) -> Funds:
        """Art. 29: everything issued and not spent is taken back."""
        return replace(self, returned=self.returned + self.left)

    def resize(self, approved: int) -> Funds:
        """A changed approval: never below what was issued."""
        if approved < self.issued:
            raise FundingRefused(
                "below_issued", f"已下达预算 {yuan_display(self.issued)}，批复总额不能低于此数"
            )
        return replace(self, approved=approved)


def _positive(amount: int) -> None:
    if amount <= 0:
        raise FundingRefused("amount_range", "金额应大于零")


def check_lines(amounts: Sequence[int], total: int) -> None:
    """Arts 33-35: the sources sum to the approved total."""
    for amount in amounts:
        _positive(amount)
    if sum(amounts) != total:
        raise FundingRefused(
            "amounts_do_not_sum",
            f"各来源合计 {yuan_display(sum(amounts))}，批复总额为 {yuan_display(total)}，两者应相等",
        )
