"""Cuts that were read by themselves: whose list is old is asked tenant by tenant (docs/decisions/0278)."""

from __future__ import annotations

from pathlib import Path

from tests.kit.house import START, USER, House, refused


def test_only_whose_cuts_cannot_be_read_enter_no_more(tmp_path: Path, hurried: None) -> None:
    house = House(tmp_path)
    mine, theirs = house.token(), house.token(tenant="3602")
    house.clock.now += 6.0
    cut = {f"user:3601:{USER}": START - 1}
    house.revocations.renew("3601", cut, house.clock())
    assert house.enter(mine).tenant == "3601"
    assert refused(lambda: house.enter(theirs)) == "503 revocations_stale"
    assert not house.revocations.stale(house.clock()), "somebody can be served"
    house.revocations.renew("3601", {f"user:3601:{USER}": START + 1}, house.clock())
    assert refused(lambda: house.enter(mine)) == "401 token_revoked"
    house.revocations.renew("3601", {}, house.clock())
    assert refused(lambda: house.enter(house.token(now=START))) == "401 token_revoked", "nothing is forgotten"
    house.pass_time(0)
    assert house.enter(theirs).tenant == "3602"
    house.clock.now += 6.0
    assert house.revocations.stale(house.clock(), "3601"), "what was read apart is older than the whole list"
