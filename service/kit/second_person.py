"""Two persons for one act: who proposed it does not put it in force."""

from __future__ import annotations

from service.kit.authn import Principal
from service.kit.errors import Error, ServiceError

SAME_PERSON = Error(409, "same_person", "提出人不能自己确认")


def own_proposal() -> ServiceError:
    """409: whoever confirms is the one who proposed."""
    return ServiceError(409, "same_person", "须由另一人确认，提出人不能自己确认")


def by_another(proposed_user: str | None, principal: Principal, proposed_by: str) -> None:
    """409 when the user who proposed (an id; None: a client, which is nobody) is the one who confirms.

    Neither is it whoever stands for one of the two, now or when it was proposed (`proposed_by`: the actor noted then).
    """
    if proposed_user is not None and (
        principal.one_with(str(proposed_user)) or principal.same_hand(proposed_by)
    ):
        raise own_proposal()
