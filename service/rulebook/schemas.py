"""The rule book over the wire. Amounts are yuan as text; an entry's article is the law it rests on."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Struct

from service.kit.coded import StateCode, TierCode
from service.kit.naming import TenantNamed
from service.kit.text import opaque
from service.rulebook.schemas_runtime import Tenant, Version


class RuleBookQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """The day whose rules are asked for (today in Shanghai when left out), and whose: a city sees its own.

    `version`: the set that a stored decision of that day names.
    """

    on: date | None = None
    tenant: Tenant | None = None
    version: Version | None = None


class TransitionView(Struct, kw_only=True):
    """A transition clause: `stay`, `next_desk`, or `from_state` with the state that the new rule begins at."""

    mode: Literal["stay", "next_desk", "from_state"]
    state: StateCode | None = None


class EntryView(Struct, kw_only=True):
    """One figure, date, definition or flag in force; `basis` practice is never shown as law.

    `province_value` and `own_since` tell where a city's own value stands over the province's. `document`: the amending
    document the rule comes from; `transition`: what that says of cases taken in before (null: they stay).
    """

    key: str
    value: Any
    unit: str
    article: int
    overlay: str
    basis: str
    reading: str | None
    note: str
    scale: list[str]
    effective_from: date
    province_value: Any
    own_since: date | None
    document: str | None = None
    transition: TransitionView | None = None


class ReadingView(Struct):
    """One interpretation in force (art. 44)."""

    id: str
    text: str
    articles: list[int]
    effective_from: date


class RuleBookView(Struct):
    """What stood on the day; `version` is the digest every decision of that day names."""

    version: str
    on: date
    tenant: TenantNamed | None
    entries: list[EntryView]
    readings: list[ReadingView]


class DivisionQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the divisions."""

    tier: Literal["province", "city", "county"] | None = None
    parent: Annotated[str, opaque(16)] | None = None


class DivisionView(Struct):
    """A division (GB/T 2260) or a registered local code of the base (`local`)."""

    code: str
    name: str
    tier: TierCode
    parent: str | None
    local: bool
    valid_from: date | None
    valid_to: date | None


class DivisionList(Struct):
    """All of them, ordered by code; short enough for one page."""

    items: list[DivisionView]
