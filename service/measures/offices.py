"""Who declares: tiers, kinds of office (arts 2, 43) and the registry of divisions and local codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.vocabulary import names


class Tier(StrEnum):
    """province: a provincial department; city: 设区市; county: 县（市、区）, 开发区."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class OfficeKind(StrEnum):
    """Art. 2: administrative, authorised; art. 43: the next seven; other stands outside the Measures."""

    ADMINISTRATIVE = "administrative"
    AUTHORISED = "authorised"
    PARTY = "party"
    CONGRESS = "congress"
    CPPCC = "cppcc"
    SUPERVISORY = "supervision"
    COURT = "court"
    PROCURATORATE = "procuratorate"
    MASS_BODY = "mass_body"
    OTHER = "other"


ART_2_KINDS = frozenset({OfficeKind.ADMINISTRATIVE, OfficeKind.AUTHORISED})
ART_43_KINDS = frozenset(set(OfficeKind) - ART_2_KINDS - {OfficeKind.OTHER})

TIER_NAMES: Mapping[str, str] = names("tier")
_LEVELS = {"province": Tier.PROVINCE, "municipality": Tier.CITY, "city": Tier.CITY, "county": Tier.COUNTY}
_PARENT_TIER = {Tier.CITY: Tier.PROVINCE, Tier.COUNTY: Tier.CITY}
_NATIONAL_CODE = re.compile(r"[0-9]{6}")
# A registered local code carries a letter, so it can never collide with a GB/T 2260 code.
_LOCAL_CODE = re.compile(r"[0-9]{2}(?=[0-9A-Z]*[A-Z])[0-9A-Z]{4}")


class DivisionInvalid(ValueError):
    """A registry row that cannot stand: bad code, unknown level, missing or misplaced parent, duplicate."""


@dataclass(frozen=True, slots=True)
class Division:
    """One division or registered local code; `valid_to` is the first day it no longer stands."""

    code: str
    name: str
    tier: Tier
    parent: str | None
    local: bool = False
    valid_from: date | None = None
    valid_to: date | None = None

    def stands_on(self, on: date) -> bool:
        """Divisions and zones change: only one in force on the day can declare."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on < self.valid_to)


class Divisions:
    """Immutable registry by code; zones and new areas have no GB/T 2260 code and enter as local codes."""

    def __init__(self, rows: Iterable[Division]) -> None:
        self._rows: dict[str, Division] = {}
        for row in rows:
            if row.code in self._rows:
                raise DivisionInvalid(f"duplicate division code {row.code}")
            self._rows[row.code] = row
        for row in self._rows.values():
            self._check(row)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, object]], *, local: bool = False) -> Divisions:
        """Registry of plain rows {code, name, level (or tier), parent}; other keys are for people."""
        return cls(division_from_row(row, local=local) for row in rows)

    def with_local(self, rows: Iterable[Division]) -> Divisions:
        """A new registry with registered local codes added."""
        return Divisions([*self, *rows])

    def __iter__(self) -> Iterator[Division]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, code: object) -> bool:
        return code in self._rows

    def get(self, code: str) -> Division | None:
        """The division of a code, or None."""
        return self._rows.get(code)

    def name_of(self, code: str) -> str | None:
        """What the division, or the tenant that bears its code, is called; None if unknown."""
        row = self._rows.get(code)
        return None if row is None else row.name

    def fits(self, code: str, tier: Tier) -> bool:
        """Whether a declarant of this tier can carry the code."""
        row = self._rows.get(code)
        return row is not None and row.tier is tier

    def city_of(self, code: str) -> str | None:
        """The city tenant's code of a city or of a county or zone in it; None for the province, unknown."""
        row = self._rows.get(code)
        if row is None or row.tier is Tier.PROVINCE:
            return None
        return row.code if row.tier is Tier.CITY else row.parent

    def tenant_of(self, code: str) -> str | None:
        """The tenant's code: the city's, or the province's own; None if unknown."""
        row = self._rows.get(code)
        return row.code if row is not None and row.tier is Tier.PROVINCE else self.city_of(code)

    def _check(self, row: Division) -> None:
        pattern = _LOCAL_CODE if row.local else _NATIONAL_CODE
        if pattern.fullmatch(row.code) is None:
            raise DivisionInvalid(f"bad {'local' if row.local else 'national'} code {row.code!r}")
        above = _PARENT_TIER.get(row.tier)
        parent = self._rows.get(row.parent) if row.parent is not None else None
        if above is None:
            if row.parent is not None:
                raise DivisionInvalid(f"{row.code}: the province has no parent")
        elif parent is None or parent.tier is not above:
            raise DivisionInvalid(f"{row.code}: parent must be a registered {above.value}")


def is_local_code(code: str) -> bool:
    """Whether it has the form of a code that a zone registers; no registry says which there are."""
    return _LOCAL_CODE.fullmatch(code) is not None


def division_from_row(row: Mapping[str, object], *, local: bool = False) -> Division:
    """One plain row as a Division; raises DivisionInvalid naming what is wrong."""
    code, name, parent = row.get("code"), row.get("name"), row.get("parent")
    tier = _LEVELS.get(str(row.get("tier", row.get("level"))))
    if not isinstance(code, str) or not isinstance(name, str) or not name or tier is None:
        raise DivisionInvalid(f"division row needs code, name and tier: {code!r}")
    if parent is not None and not isinstance(parent, str):
        raise DivisionInvalid(f"{code}: parent must be a code")
    return Division(code, name, tier, parent, local, _date_of(row, "valid_from"), _date_of(row, "valid_to"))


def _date_of(row: Mapping[str, object], key: str) -> date | None:
    value = row.get(key)
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise DivisionInvalid(f"{row.get('code')}: {key} is not a date") from error
