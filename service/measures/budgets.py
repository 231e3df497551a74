"""Who issues which money (arts 20, 33, 34), and what an approval asks for beside it (art. 21)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from service.measures.lifecycle_states import Procedure
from service.measures.offices import Tier
from service.vocabulary import names

SOURCES: Mapping[str, str] = names("budget_source")
# Art. 21: not asked for again, unless there are new civil works or the project is energy-intensive.
PROCEDURES: Mapping[str, str] = names("procedure")


def sources_of(procedure: Procedure, tier: Tier) -> frozenset[str]:
    """The sources whose money a tier's treasury issues: a city's share stands in the city's own budget (art. 34).

    On the city route the city issues all of it (R5), transfers from the province too; a provincial department has
    no city beside it, so what is not provincial money goes through the province's treasury as well.
    """
    if procedure is Procedure.CITY_FILING:
        return frozenset(SOURCES) if tier is Tier.CITY else frozenset()
    if procedure is Procedure.DEPARTMENTAL:
        return frozenset({"provincial", "other"}) if tier is Tier.PROVINCE else frozenset()
    own = {Tier.PROVINCE: {"provincial"}, Tier.CITY: {"city", "county", "other"}}
    return frozenset(own.get(tier, ()))


def procedures_fault(civil_works: bool, high_energy: bool, listed: Collection[str]) -> str | None:
    """Art. 21: nothing is listed without one of the two; with one of them something is. The Chinese fault, or None."""
    excepted = civil_works or high_energy
    if listed and not excepted:
        return "不涉及新建土建工程和高能耗的，不再要求节能、选址、用地、环评等手续（第二十一条）"
    if excepted and not listed:
        return "涉及新建土建工程或高能耗的，请列明应办的手续（第二十一条）"
    if len(set(listed)) != len(listed):
        return "手续重复列出（第二十一条）"
    return None
