"""What is entered at run time, over the wire: a city's overlays and the register of interpretations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from service.kit.naming import By
from service.kit.text import MOST_SAID, Said, TenantCodes, line, opaque, prose
from service.vocabulary import names

Name = Annotated[str, line(100, kind="name")]
Key = Annotated[str, Meta(pattern=r"^[a-z_]{1,40}(\.[a-z_]{1,40}){1,2}$(?!\n)")]
Version = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$(?!\n)")]
Tenant = Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{2,16}$(?!\n)")]
Amount = Annotated[str, Meta(pattern=r"^[0-9]{1,14}(\.[0-9]{1,2})?$(?!\n)", description="元，至多两位小数")]
Whole = Annotated[int, Meta(ge=-(2**31), lt=2**31)]
Kind = Literal["new", "rebuild", "expand", "migrate", "maintain"]
Organ = Literal["general_office", "drc", "finance"]
ORGANS: Mapping[str, str] = {
    slot: names("organ")[f"province.{slot}"] for slot in ("general_office", "drc", "finance")
}


class LocalCheckIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A check of the city's own: `in_principle` wants the declarer's reason, `notice` is only seen."""

    code: Annotated[str, Meta(pattern=r"^local_[a-z0-9_]{1,40}$(?!\n)")]
    severity: Literal["notice", "in_principle"]
    text: Annotated[str, prose(200, least=2)]
    kinds: Annotated[list[Kind], Meta(max_length=5)] = []
    from_yuan: Amount | None = None


Words = Annotated[str, prose(1000)]
Items = Annotated[list[Name | LocalCheckIn], Meta(max_length=50)]
GivenValue = bool | Whole | Words | Items


class OverlayIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A city's own value from a day on. `expected_version`: the rule book's version the city was shown for it."""

    key: Key
    value: GivenValue
    effective_from: date
    reason: Said
    expected_version: Version


class OverlayEndIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The province's value stands again from a day on."""

    effective_from: date
    reason: Said
    expected_version: Version


class OverlayView(Struct, kw_only=True):
    """One recorded change of a city. `value` null: the city's own value ends. `status` is of today."""

    id: str
    tenant: str
    tenant_name: str
    number: int
    key: str
    value: Any
    unit: str
    note: str
    article: int
    basis: str
    effective_from: date
    status: Literal["coming", "standing", "ended", "superseded"]
    reason: str
    recorded_by: By
    recorded_at: datetime
    digest: str


class OverlayRecorded(Struct, kw_only=True):
    """The change as recorded, and the version of the city's rule book from its first day on."""

    overlay: OverlayView
    rulebook_version: str


class OverlayQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the overlays."""

    tenant: TenantCodes | None = None
    key: Annotated[list[Key], Meta(max_length=MOST_SAID)] | None = None
    status: list[Literal["coming", "standing", "ended", "superseded"]] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, opaque(500)] | None = None


class OverlayList(Struct):
    """A page of overlays, newest first."""

    items: list[OverlayView]
    next_cursor: str | None


class SetIn(Struct, forbid_unknown_fields=True):
    """A value that comes with a reading."""

    key: Key
    value: GivenValue


class InterpretationPreviewIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A reading before it is recorded. `supersedes`: the reading that it says anew (R3); else a new one."""

    supersedes: Annotated[str, Meta(pattern=r"^R[1-9][0-9]{0,3}$(?!\n)")] | None = None
    effective_from: date
    sets: Annotated[list[SetIn], Meta(max_length=20)] = []


class InterpretationIn(InterpretationPreviewIn, forbid_unknown_fields=True, kw_only=True):
    """A reading as the three organs issued it (art. 44)."""

    question: Said
    text: Said
    articles: Annotated[list[Annotated[int, Meta(ge=1, le=45)]], Meta(min_length=1, max_length=20)]
    issued_by: Annotated[list[Organ], Meta(min_length=1, max_length=3)]
    document_number: Name
    document_date: date


class SetView(Struct):
    """A value set by a reading, as the rule book shows it."""

    key: str
    value: Any
    unit: str


class InterpretationVersion(Struct, kw_only=True):
    """One version of a reading. Those of the files have no question, organs or document."""

    number: int
    text: str
    articles: list[int]
    effective_from: date
    question: str | None = None
    issued_by: list[str] = []
    document_number: str | None = None
    document_date: date | None = None
    sets: list[SetView] = []
    recorded_by: By | None = None
    recorded_at: datetime
    digest: str


class InterpretationView(Struct, kw_only=True):
    """A reading: what stands today (null before its first day), what is to come, and its whole history."""

    id: str
    standing: InterpretationVersion | None
    coming: list[InterpretationVersion]
    history: list[InterpretationVersion]


class InterpretationQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """One reading by its id, or those that concern an article."""

    id: Annotated[str, Meta(pattern=r"^R[1-9][0-9]{0,3}$(?!\n)")] | None = None
    article: Annotated[int, Meta(ge=1, le=45)] | None = None


class InterpretationList(Struct):
    """The register, by number."""

    items: list[InterpretationView]
