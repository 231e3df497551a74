"""Procurements, contracts, works supervision and what is paid under them (arts 13, 18, 24, 26, 31, 38), held together.

One record may say what another denies: a contract of before the approval, more contracted than was approved, a
supervisor who builds, more paid than the contract says. None of it is refused (art. 39); each is a finding while it
stands. Where the text is silent the finding says that it is practice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.characters.keys import key

PROCUREMENT, CONTRACT, OVERSIGHT = "procurement", "contract", "oversight"
CODES = (
    "contract_before_approval",
    "contract_beyond_approval",
    "ownership_clause_missing",
    "supervisor_not_independent",
    "appraiser_contracted",
    "paid_beyond_contract",
    "paid_before_contract",
)


@dataclass(frozen=True, slots=True)
class Engagement:
    """A procurement, contract or supervision contract as recorded.

    `owned`: None where art. 31 asks for no clause; `parties` of a supervision contract: the supervisor alone; `paid`:
    day and fen of each payment under it.
    """

    signed_on: date
    owned: bool | None = None
    kind: str = CONTRACT
    amount_fen: int = 0
    number: str = ""
    parties: tuple[str, ...] = ()
    paid: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What engagements are held against. `builders`: owner and implementing body; `appraisers`: who appraised it."""

    approved_on: date | None = None
    approved_fen: int | None = None
    builders: Collection[str] = ()
    appraisers: Collection[str] = ()


def findings(engagements: Sequence[Engagement], around: Around) -> set[str]:
    """The codes (of CODES) that the engagements in force of a project earn."""
    checks = (_early, _beyond, _unowned, _supervised_by_builder, _appraised_by_party, _paid)
    return {code for check in checks for code in check(engagements, around)}


def _early(engagements: Sequence[Engagement], around: Around) -> Iterator[str]:
    """Art. 13: nothing is carried out before its approval."""
    if around.approved_on and any(each.signed_on < around.approved_on for each in engagements):
        yield "contract_before_approval"


def _beyond(engagements: Sequence[Engagement], around: Around) -> Iterator[str]:
    """Art. 24: contracts are managed within what was approved; a contract told twice under one number counts once."""
    if around.approved_fen is None:
        return
    asked = [each.amount_fen for each in engagements if each.kind == PROCUREMENT]
    told: dict[str, int] = {}
    for each in engagements:
        if each.kind != PROCUREMENT:
            number = key(each.number)
            told[number] = max(told.get(number, 0), each.amount_fen)
    if max([*asked, sum(told.values())]) > around.approved_fen:
        yield "contract_beyond_approval"


def _unowned(engagements: Sequence[Engagement], _: Around) -> Iterator[str]:
    """Art. 31: procurement papers and contracts say whose the results are."""
    if any(each.owned is False for each in engagements):
        yield "ownership_clause_missing"


def _supervised_by_builder(engagements: Sequence[Engagement], around: Around) -> Iterator[str]:
    """Art. 26: the owner commissions somebody else to supervise those who build."""
    own = _numbers(engagements, OVERSIGHT)  # the supervision contract itself, told among the contracts too
    builders = {key(name) for name in around.builders}
    for each in engagements:
        if each.kind == CONTRACT and key(each.number) not in own:
            builders |= {key(name) for name in each.parties}
    if builders & _parties(engagements, OVERSIGHT):
        yield "supervisor_not_independent"


def _appraised_by_party(engagements: Sequence[Engagement], around: Around) -> Iterator[str]:
    """Art. 18 names the agency and says nothing of its other business: practice."""
    parties = _parties(engagements, PROCUREMENT, CONTRACT, OVERSIGHT)
    if parties & {key(name) for name in around.appraisers}:
        yield "appraiser_contracted"


def _paid(engagements: Sequence[Engagement], _: Around) -> Iterator[str]:
    """Art. 38: money is spent for its purpose only: under a contract, what the contract says."""
    for each in engagements:
        if sum(amount for _, amount in each.paid) > each.amount_fen:
            yield "paid_beyond_contract"
        if any(day < each.signed_on for day, _ in each.paid):
            yield "paid_before_contract"


def _numbers(engagements: Sequence[Engagement], kind: str) -> set[str]:
    return {key(each.number) for each in engagements if each.kind == kind and each.number}


def _parties(engagements: Sequence[Engagement], *kinds: str) -> set[str]:
    return {key(name) for each in engagements if each.kind in kinds for name in each.parties} - {""}


def latest(record: str, replaced: Mapping[str, str]) -> str:
    """The record that stands where this one stood. `replaced`: {earlier record: the one in its place}."""
    while record in replaced:
        record = replaced[record]
    return record
