"""Rows of adoptions and provisions as answers, with what may be done next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from service.catalogue.schemas_adoptions import AdoptionView, Possibility, ProvisionView
from service.kit.ids import Ref
from service.measures.adoption import ADOPTION_NAMES, Adoption, Desk, possible


def _actions(state: Adoption, side: Desk, roles: Collection[str]) -> list[Possibility]:
    return [
        Possibility(each.verb.value, each.allowed, each.article, each.detail or None)
        for each in possible(state, side, roles)
    ]


def _same(row: Mapping[str, Any], kind: Any, given: Collection[str]) -> dict[str, Any]:
    return {name: row[name] for name in kind.__struct_fields__ if name not in given}


def adoption_view(row: Mapping[str, Any], roles: Collection[str]) -> AdoptionView:
    """The adopter's side."""
    state = Adoption(row["state"])
    made: dict[str, Any] = {
        "id": str(Ref(row["tenant_id"], row["id"])),
        "tenant": row["tenant_id"],
        "app_id": str(Ref(row["provider_tenant"], row["app_id"])),
        "state_name": ADOPTION_NAMES[state],
        "actions": _actions(state, Desk.ADOPTER, roles),
    }
    return AdoptionView(**made, **_same(row, AdoptionView, made))


def provision_view(row: Mapping[str, Any], roles: Collection[str]) -> ProvisionView:
    """The provider's side; `adoption_id` is the same adoption's id in the adopter's tenant."""
    state = Adoption(row["state"])
    made: dict[str, Any] = {
        "id": str(Ref(row["tenant_id"], row["id"])),
        "adoption_id": str(Ref(row["adopter_tenant"], row["id"])),
        "app_id": str(Ref(row["tenant_id"], row["app_id"])),
        "state_name": ADOPTION_NAMES[state],
        "actions": _actions(state, Desk.PROVIDER, roles),
    }
    return ProvisionView(**made, **_same(row, ProvisionView, made))
