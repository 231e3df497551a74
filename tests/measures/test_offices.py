"""The registry of divisions and registered local codes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.measures.facts import FactsInvalid, parse_facts
from service.measures.offices import Division, DivisionInvalid, Divisions, Tier
from service.rulebook.loader import base_divisions


def test_registry_refuses_what_cannot_stand() -> None:
    province = Division("360000", "江西省", Tier.PROVINCE, None)
    city = Division("360100", "南昌市", Tier.CITY, "360000")
    for wrong in (
        [province, province],
        [province, Division("360101", "某县", Tier.COUNTY, "360000")],
        [province, Division("36010", "某市", Tier.CITY, "360000")],
        [province, city, Division("360199", "某区", Tier.COUNTY, "360100", local=True)],
        [province, city, Division("36n001", "某区", Tier.COUNTY, "360100", local=True)],
    ):
        with pytest.raises(DivisionInvalid):
            Divisions(wrong)


def test_zones_stand_in_their_city_and_in_their_time(plain: dict[str, Any]) -> None:
    registry = base_divisions()
    assert registry.city_of("36N001") == "360100"
    assert registry.city_of("36GJ00") == "36GJ00" == registry.tenant_of("36GJ00")
    assert registry.city_of("360000") is None
    assert registry.tenant_of("360000") == "360000"
    assert sum(row.tier is Tier.CITY for row in registry) == 12
    later = registry.with_local(
        [Division("36N900", "新设开发区", Tier.COUNTY, "360100", True, date(2026, 5, 1), date(2027, 1, 1))]
    )
    zone = {**plain, "declarant": {"tier": "county", "division": "36N900"}}
    for on, stands in (
        ("2026-04-30", False),
        ("2026-05-01", True),
        ("2026-12-31", True),
        ("2027-01-01", False),
    ):
        try:
            parse_facts({**zone, "on": on}, later)
            assert stands
        except FactsInvalid as error:
            assert not stands
            assert error.faults[0].code == "division_not_in_force"
