"""An office as readers see it, and the Chinese names of what an office may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.identity.schemas import OfficeView
from service.kit.ids import Ref
from service.vocabulary import names

AGENCY = "agency"  # the organ of an office that appraises (art. 18)
HELD_NAMES: Mapping[str, str] = names("holding")


def office_view(office: Mapping[str, Any]) -> OfficeView:
    """An office as readers see it."""
    tenant, special = office["tenant_id"], ("id", "office_id", "successor")
    fields = {name: office[name] for name in OfficeView.__struct_fields__ if name not in special}
    follows = office.get("successor")
    return OfficeView(
        id=str(Ref(tenant, office["id"])),
        office_id=office["id"],
        successor=None if follows is None else str(Ref(tenant, follows)),
        **fields,
    )
