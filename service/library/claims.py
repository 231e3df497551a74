"""Claims of art. 16 on needs: answered by name at the first deciding desk (R14), before the list ranks them."""

from __future__ import annotations

from service.kit.errors import FieldError, invalid
from service.projects.case import Case
from service.projects.gatekeeping import answer_priority
from service.projects.schemas import OpinionIn


def claims_answered(case: Case, opinions: list[OpinionIn], *, desk: bool) -> None:
    """Takes over what the desk says of claims that a paper shows; 422 for opinions on others, or of another desk.

    `desk`: the caller is the case's first deciding desk (the city's gatekeeper, for departments the leading group's
    office). What nobody answers counts no more than before, and is asked again at the declaration.
    """
    shown = {
        each["code"]
        for each in (case.decision or {}).get("findings") or ()
        if each["code"].startswith("priority_")
    }
    codes = [opinion.code for opinion in opinions]
    if codes and (not desk or len(set(codes)) != len(codes) or not {*codes} <= _evidenced(shown)):
        raise invalid(
            [FieldError("/opinions", "unknown_opinion", "有意见对应的事项不存在、重复，或不由本环节核对")]
        )
    answer_priority(case, opinions)


def _evidenced(codes: set[str]) -> set[str]:
    return {code for code in codes if code.endswith("_evidenced")}


def as_told(opinions: list[OpinionIn]) -> list[dict[str, object]]:
    """As the record keeps them."""
    return [{"code": each.code, "accepted": each.accepted, "note": each.note} for each in opinions]
