"""What is given at once (arts 11, 30, 40): no word is lost, and a deed has one outcome."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.lives.said import ACCEPT, SCORE, YES


@pytest.mark.parametrize("_round", range(5))
async def test_opinions_given_at_once_both_stand(life: Any, _round: int) -> None:
    """Art. 32: two organs side by side; neither loses its opinion to the other."""
    case = await life().at("applied")
    answers = await asyncio.gather(
        *(case.tried(who, "give-acceptance-opinion", YES) for who in ("city.gatekeeper", "city.finance"))
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    slots = (await case.read())["dated"]["acceptance_opinions"]["slots"]
    assert slots == {"general_office": True, "finance": True}


async def test_an_acceptance_racing_with_an_opinion_leaves_one_outcome(life: Any) -> None:
    """Art. 32: whoever changes to no while the other accepts: either before it, or not at all."""
    for _ in range(5):
        case = await life().at("opined")
        no = {"agreed": False, "opinion": "发现新的问题"}
        accept, opinion = await asyncio.gather(
            case.tried("city.approver", "accept", ACCEPT),
            case.tried("city.finance", "give-acceptance-opinion", no, etag=None),
        )
        state = (await case.read())["state"]
        assert (accept.status_code, opinion.status_code, state) in {
            (200, 409, "accepted"),
            (412, 200, "acceptance_applied"),
            (409, 200, "acceptance_applied"),
        }


async def test_scores_given_at_once_all_stand(life: Any, day: Any) -> None:
    """Art. 40: three cards side by side make one result; its weights are the rule book's practice."""
    case = await life().at("evaluated")
    answers = await asyncio.gather(
        *(case.tried(who, "score", SCORE) for who in ("city.gatekeeper", "city.approver", "city.finance"))
    )
    assert [answer.status_code for answer in answers] == [200] * 3
    assert (await case.read())["dated"]["scored"]["total"] == 8000
    low = {"points": dict.fromkeys(SCORE["points"], 50), "opinion": "效果一般"}
    data = await case.does("city.finance", "score", low)
    assert data["dated"]["scored"]["total"] == 7000
