"""Art. 29: what is found to be force majeure moves the half year, and nothing else does."""

from __future__ import annotations

from typing import Any

from tests.lives.said import PAPER, RECALL

HINDRANCE = {"since": "2026-03-01", "evidence": "特大洪水，机房所在片区断电", "document": PAPER}


ACCEPTED = {"accepted": True, "reason": "经核实属于不可抗力"}
REFUSED = {"accepted": False, "reason": "机房片区当日已恢复供电"}


async def test_art_29_what_is_found_to_be_force_majeure_moves_the_half_year(life: Any, at: Any) -> None:
    """R28: claimed by the owner, found by the organ that takes back; its days do not count, in several spells too."""
    site = await life().at("filed")
    at(2026, 3, 20)
    await site.does("owner", "force-majeure", HINDRANCE)
    assert (await site.sees("building"))["start_due"] == "2026-08-01", "a claim alone moves nothing"
    await site.refused("owner", "force-majeure-decision", ACCEPTED, 403, "forbidden")
    await site.does("city.finance", "force-majeure-decision", ACCEPTED)
    assert (await site.sees("building"))["start_due"] is None
    at(2026, 10, 1)
    shut = await site.refused("city.finance", "recall-funds", RECALL, 409, "gate_shut", article=29)
    assert shut["gate"] == "half_year_over"
    await site.refused("owner", "force-majeure", HINDRANCE, 409, "force_majeure_open", article=29)
    early = {"until": "2026-02-28", "evidence": "恢复供电"}
    await site.wrong("owner", "force-majeure-end", early, "/until", "date_order", article=29)
    late = {"until": "2026-10-02", "evidence": "恢复供电"}
    await site.wrong("owner", "force-majeure-end", late, "/until", "date_order")
    await site.does("owner", "force-majeure-end", {"until": "2026-03-31", "evidence": "恢复供电"})
    assert (await site.sees("building"))["start_due"] == "2026-08-31"
    overlapping = {**HINDRANCE, "since": "2026-03-31", "until": "2026-04-10"}
    await site.wrong("owner", "force-majeure", overlapping, "/since", "date_order")
    await site.does("owner", "force-majeure", {**HINDRANCE, "since": "2026-05-01", "until": "2026-05-11"})
    assert (await site.sees("building"))["start_due"] == "2026-08-31"
    await site.does("city.finance", "force-majeure-decision", ACCEPTED)
    assert (await site.sees("building"))["start_due"] == "2026-09-10", "both spells count"
    await site.refused("city.finance", "force-majeure-decision", ACCEPTED, 409, "gate_shut", article=29)
    at(2026, 9, 10)
    await site.refused("city.finance", "recall-funds", RECALL, 409, "gate_shut", article=29)
    at(2026, 9, 11)
    assert (await site.does("city.finance", "recall-funds", RECALL))["state"] == "funds_recalled"


async def test_art_29_spells_are_told_in_any_order_and_a_day_counts_once(life: Any, at: Any) -> None:
    """R28: an earlier flood may be told after a later one, also while that one lasts; days told before are not anew."""
    site = await life().at("filed")
    at(2026, 6, 1)
    for since, until in (("2026-05-01", None), ("2026-03-01", "2026-03-11"), ("2026-04-01", "2026-04-30")):
        await site.does("owner", "force-majeure", {**HINDRANCE, "since": since, "until": until})
    told = {claim["since"]: claim["id"] for claim in site.data["dated"]["force_majeure"]["claims"]}
    for since in told:
        await site.does("city.finance", "force-majeure-decision", {**ACCEPTED, "claim": told[since]})
    await site.refused(
        "owner", "force-majeure", {**HINDRANCE, "since": "2026-02-10"}, 409, "force_majeure_open", article=29
    )
    await site.does("owner", "force-majeure-end", {"until": "2026-05-06", "evidence": "恢复供电"})
    assert (await site.sees("building"))["start_due"] == "2026-09-14", "10, 29 and 5 days"
    for since, until in (("2026-02-20", "2026-03-01"), ("2026-02-20", None), ("2026-03-11", "2026-03-12")):
        again = {**HINDRANCE, "since": since, "until": until}
        await site.wrong("owner", "force-majeure", again, "/since", "date_order", article=29)


async def test_art_29_a_waiting_claim_is_answered_by_the_recall(life: Any, at: Any) -> None:
    """R28: an open-ended claim, made after the half year, neither undoes the lapse nor shuts the recall."""
    site = await life().at("filed")
    at(2026, 8, 2)
    await site.does("owner", "force-majeure", HINDRANCE)
    [claim] = site.data["dated"]["force_majeure"]["claims"]
    assert (claim["state"], claim["until"]) == ("claimed", None)
    told = {each["action"]: each for each in (await site.read("city.finance"))["actions"]}
    assert told["recall_funds"]["allowed"] and told["decide_force_majeure"]["allowed"]
    data = await site.does("city.finance", "recall-funds", RECALL)
    [claim] = data["dated"]["force_majeure"]["claims"]
    assert (data["state"], claim["state"]) == ("funds_recalled", "refused")


async def test_art_29_refused_or_begun_too_late_it_moves_nothing(life: Any, at: Any) -> None:
    site = await life().at("filed")
    at(2026, 7, 1)
    await site.does("owner", "force-majeure", {**HINDRANCE, "until": "2026-06-30"})
    await site.wrong("city.finance", "force-majeure-decision", {**ACCEPTED, "until": "2026-07-01"}, "/until")
    await site.wrong("city.finance", "force-majeure-decision", {**REFUSED, "until": "2026-06-01"}, "/until")
    await site.does("city.finance", "force-majeure-decision", REFUSED)
    assert (await site.sees("building"))["start_due"] == "2026-08-01"
    at(2026, 8, 10)
    await site.does(
        "owner", "force-majeure", {**HINDRANCE, "since": "2026-08-02"}
    )  # what was refused may be claimed anew
    await site.does("city.finance", "force-majeure-decision", ACCEPTED)
    assert (await site.sees("building"))["start_due"] == "2026-08-01"
    assert (await site.does("city.finance", "recall-funds", RECALL))["state"] == "funds_recalled"


async def test_art_29_the_organ_tells_an_end_too(life: Any, at: Any) -> None:
    """R28: what the owner leaves open for ever, the organ that accepted it ends."""
    site = await life().at("filed")
    at(2026, 3, 20)
    await site.does("owner", "force-majeure", HINDRANCE)
    await site.does("city.finance", "force-majeure-decision", ACCEPTED)
    at(2026, 10, 1)
    await site.does("city.finance", "force-majeure-end", {"until": "2026-03-11", "evidence": "现场核查"})
    assert (await site.sees("building"))["start_due"] == "2026-08-11"
    assert (await site.does("city.finance", "recall-funds", RECALL))["state"] == "funds_recalled"


async def test_art_29_bad_force_majeure(life: Any) -> None:
    site = await life().at("filed")
    before = {**HINDRANCE, "since": "2026-01-31"}
    await site.wrong("owner", "force-majeure", before, "/since", "date_order", article=29)
    await site.wrong("owner", "force-majeure", {**HINDRANCE, "since": "2099-01-01"}, "/since")
    await site.wrong("owner", "force-majeure", {**HINDRANCE, "until": "2026-02-27"}, "/until")
    await site.wrong("owner", "force-majeure", {**HINDRANCE, "evidence": ""}, "/evidence")
    ending = {"until": "2026-03-02", "evidence": "恢复供电"}
    shut = await site.refused("owner", "force-majeure-end", ending, 409, "gate_shut", article=29)
    assert shut["gate"] == "hindrance_lasts"
    strange = {**ACCEPTED, "claim": "018f0000-0000-7000-8000-000000000001"}
    await site.does("owner", "force-majeure", HINDRANCE)
    await site.wrong("city.finance", "force-majeure-decision", strange, "/claim")
    done = await life().at("started")
    await done.refused("owner", "force-majeure", HINDRANCE, 409, "action_not_allowed", article=29)
