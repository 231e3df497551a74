"""The whole life of a project as data (arts 8-9, 13-41): one row per transition, nothing hidden in code."""

from __future__ import annotations

from collections.abc import Mapping

from service.measures.lifecycle_declaring import DECLARATION, NEEDS, REVIEWING
from service.measures.lifecycle_delivering import ACCEPTANCE, BUILDING, ORDERS
from service.measures.lifecycle_rows import Key as Key
from service.measures.lifecycle_rows import Transition, spread
from service.measures.lifecycle_states import Action

TRANSITIONS: Mapping[Key, Transition] = spread(
    [*DECLARATION, *NEEDS, *REVIEWING, *BUILDING, *ACCEPTANCE, *ORDERS]
)
# Needed before any route is decided: a draft may still lack the facts that routing asks for.
ROUTE_FREE = frozenset({Action.EDIT, Action.DELETE, Action.WITHDRAW, Action.TAG_PRIORITY, Action.LINK_PLAN})
