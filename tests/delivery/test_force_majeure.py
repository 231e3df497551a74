"""Art. 29: what is found to be force majeure moves the half year, and nothing else does."""

from __future__ import annotations

from typing import Any

from tests.delivery.sites import DOCUMENT, FINANCE, RECALL, filed, started

HINDRANCE = {"since": "2026-03-01", "evidence": "特大洪水，机房所在片区断电", "document": DOCUMENT}


ACCEPTED = {"accepted": True, "reason": "经核实属于不可抗力"}
REFUSED = {"accepted": False, "reason": "机房片区当日已恢复供电"}


async def test_art_29_what_is_found_to_be_force_majeure_moves_the_half_year(as_user: Any, at: Any) -> None:
    """R28: claimed by the owner, found by the organ that takes back; its days do not count, in several spells too."""
    site = await filed(as_user)
    at(2026, 3, 20)
    await site.done("force-majeure", HINDRANCE)
    assert (await site.read("/building"))["start_due"] == "2026-08-01", "a claim alone moves nothing"
    await site.refused("force-majeure-decision", ACCEPTED, 403, "forbidden")
    await site.done("force-majeure-decision", ACCEPTED, FINANCE)
    assert (await site.read("/building"))["start_due"] is None
    at(2026, 10, 1)
    shut = await site.refused("recall-funds", RECALL, 409, "gate_shut", by=FINANCE, article=29)
    assert shut["gate"] == "half_year_over"
    await site.refused("force-majeure", HINDRANCE, 409, "force_majeure_open", article=29)
    early = {"until": "2026-02-28", "evidence": "恢复供电"}
    await site.refused(
        "force-majeure-end", early, 422, "invalid_body", "/until", field_code="date_order", article=29
    )
    late = {"until": "2026-10-02", "evidence": "恢复供电"}
    await site.refused("force-majeure-end", late, 422, "invalid_body", "/until", field_code="date_order")
    await site.done("force-majeure-end", {"until": "2026-03-31", "evidence": "恢复供电"})
    assert (await site.read("/building"))["start_due"] == "2026-08-31"
    overlapping = {**HINDRANCE, "since": "2026-03-31", "until": "2026-04-10"}
    await site.refused("force-majeure", overlapping, 422, "invalid_body", "/since", field_code="date_order")
    await site.done("force-majeure", {**HINDRANCE, "since": "2026-05-01", "until": "2026-05-11"})
    assert (await site.read("/building"))["start_due"] == "2026-08-31"
    await site.done("force-majeure-decision", ACCEPTED, FINANCE)
    assert (await site.read("/building"))["start_due"] == "2026-09-10", "both spells count"
    await site.refused("force-majeure-decision", ACCEPTED, 409, "gate_shut", by=FINANCE, article=29)
    at(2026, 9, 10)
    await site.refused("recall-funds", RECALL, 409, "gate_shut", by=FINANCE, article=29)
    at(2026, 9, 11)
    assert (await site.done("recall-funds", RECALL, FINANCE))["state"] == "funds_recalled"


async def test_art_29_a_waiting_claim_is_answered_by_the_recall(as_user: Any, at: Any) -> None:
    """R28: an open-ended claim, made after the half year, neither undoes the lapse nor shuts the recall."""
    site = await filed(as_user)
    at(2026, 8, 2)
    await site.done("force-majeure", HINDRANCE)
    [claim] = site.data["dated"]["force_majeure"]["claims"]
    assert (claim["state"], claim["until"]) == ("claimed", None)
    told = {each["action"]: each for each in (await site.read("", FINANCE))["actions"]}
    assert told["recall_funds"]["allowed"] and told["decide_force_majeure"]["allowed"]
    data = await site.done("recall-funds", RECALL, FINANCE)
    [claim] = data["dated"]["force_majeure"]["claims"]
    assert (data["state"], claim["state"]) == ("funds_recalled", "refused")


async def test_art_29_refused_or_begun_too_late_it_moves_nothing(as_user: Any, at: Any) -> None:
    site = await filed(as_user)
    at(2026, 7, 1)
    await site.done("force-majeure", {**HINDRANCE, "until": "2026-06-30"})
    await site.refused(
        "force-majeure-decision",
        {**ACCEPTED, "until": "2026-07-01"},
        422,
        "invalid_body",
        "/until",
        by=FINANCE,
    )
    await site.refused(
        "force-majeure-decision",
        {**REFUSED, "until": "2026-06-01"},
        422,
        "invalid_body",
        "/until",
        by=FINANCE,
    )
    await site.done("force-majeure-decision", REFUSED, FINANCE)
    assert (await site.read("/building"))["start_due"] == "2026-08-01"
    at(2026, 8, 10)
    await site.done(
        "force-majeure", {**HINDRANCE, "since": "2026-08-02"}
    )  # what was refused may be claimed anew
    await site.done("force-majeure-decision", ACCEPTED, FINANCE)
    assert (await site.read("/building"))["start_due"] == "2026-08-01"
    assert (await site.done("recall-funds", RECALL, FINANCE))["state"] == "funds_recalled"


async def test_art_29_the_organ_tells_an_end_too(as_user: Any, at: Any) -> None:
    """R28: what the owner leaves open for ever, the organ that accepted it ends."""
    site = await filed(as_user)
    at(2026, 3, 20)
    await site.done("force-majeure", HINDRANCE)
    await site.done("force-majeure-decision", ACCEPTED, FINANCE)
    at(2026, 10, 1)
    await site.done("force-majeure-end", {"until": "2026-03-11", "evidence": "现场核查"}, FINANCE)
    assert (await site.read("/building"))["start_due"] == "2026-08-11"
    assert (await site.done("recall-funds", RECALL, FINANCE))["state"] == "funds_recalled"


async def test_art_29_bad_force_majeure(as_user: Any) -> None:
    site = await filed(as_user)
    before = {**HINDRANCE, "since": "2026-01-31"}
    await site.refused(
        "force-majeure", before, 422, "invalid_body", "/since", field_code="date_order", article=29
    )
    await site.refused("force-majeure", {**HINDRANCE, "since": "2099-01-01"}, 422, "invalid_body", "/since")
    await site.refused("force-majeure", {**HINDRANCE, "until": "2026-02-27"}, 422, "invalid_body", "/until")
    await site.refused("force-majeure", {**HINDRANCE, "evidence": ""}, 422, "invalid_body", "/evidence")
    ending = {"until": "2026-03-02", "evidence": "恢复供电"}
    shut = await site.refused("force-majeure-end", ending, 409, "gate_shut", article=29)
    assert shut["gate"] == "hindrance_lasts"
    strange = {**ACCEPTED, "claim": "018f0000-0000-7000-8000-000000000001"}
    await site.done("force-majeure", HINDRANCE)
    await site.refused("force-majeure-decision", strange, 422, "invalid_body", "/claim", by=FINANCE)
    done = await started(as_user)
    await done.refused("force-majeure", HINDRANCE, 409, "action_not_allowed", article=29)
