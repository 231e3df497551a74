"""Reasons accepted by name: each in-principle finding has a reason, and a person says of each whether it stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from service.kit.errors import FieldError, ServiceError, invalid
from service.projects.case import Case
from service.projects.schemas import OpinionIn
from service.vocabulary import label


def accepted_before(case: Case) -> frozenset[str]:
    """Codes whose reason a named person has accepted already."""
    return frozenset(
        f["code"] for f in case.findings if f["reason"] and str(f["opinion"]).startswith("accepted")
    )


def each_accepted(
    needed: Sequence[str], known: Collection[str], opinions: list[OpinionIn], before: Collection[str] = ()
) -> None:
    """409 unless the reason of each of these codes is known and accepted by name, now or `before`; 422 for opinions
    on others.
    """
    strange = [o.code for o in opinions if o.code not in needed]
    if strange or len({o.code for o in opinions}) != len(opinions):
        raise invalid([FieldError("/opinions", "unknown_opinion", "有意见对应的事项不存在或重复")])
    given = dict.fromkeys(before, True) | {opinion.code: opinion.accepted for opinion in opinions}
    unanswered = [code for code in needed if code not in given or code not in known]
    if unanswered:
        raise ServiceError(
            409,
            "opinion_required",
            "须对每一条理由逐一表明是否认可",
            errors=[
                FieldError("/opinions", "opinion_required", f"缺少对“{label('finding', code)}”理由的意见")
                for code in unanswered
            ],
        )
    refused = [code for code in needed if not given[code]]
    if refused:
        raise ServiceError(409, "reason_refused", "有理由未获认可，不能通过，请退回项目单位", refused=refused)
