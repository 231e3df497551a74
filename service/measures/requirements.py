"""What a declaration must carry on a day: what art. 15 asks, and what the announced round of art. 14 asks besides.

A field is named as it is called here; a round adds fields, attachments and materials by name. It can add to art. 15 and
never take away (R18), and it stands until a later one does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.measures.checklist import SLOTS
from service.measures.facts import Kind
from service.measures.form_plan import PARTS
from service.measures.form_words import LABELS, MEMBERS
from service.vocabulary import names

KEY = "materials.required"  # the rule book's list: what art. 15 asks
# What art. 15 asks, by field; the plan is the technical plan, and for maintenance the maintenance plan.
_NAMED = names("material_field")
BASE: Mapping[str, str] = {
    **{key: name for key, name in _NAMED.items() if key != "funding"},
    **{f"plan.{part.key}": part.name for part in PARTS.values()},
    "funding": _NAMED["funding"],
}
FIELDS: Mapping[str, str] = {**BASE, **{f"form.{key}": LABELS[key] for key in MEMBERS}}
ANNOUNCED = tuple(key for key in FIELDS if key not in BASE)  # what a round may add
ATTACHMENTS = tuple(slot.key for slot in SLOTS.values() if slot.phase == "declaration")
_COSTS = ("form.costs", "form.yearly")  # nothing invested, nothing to part


@dataclass(frozen=True, slots=True)
class Announced:
    """A confirmed round: from when, by which document, and what it asks, each for the kinds of project named."""

    from_day: date
    number: int
    document_number: str
    fields: Mapping[str, frozenset[Kind]]
    attachments: Mapping[str, frozenset[Kind]]
    extra: Mapping[str, frozenset[Kind]]


@dataclass(frozen=True, slots=True)
class Required:
    """What is asked of one declaration. `announced`: keys a round added; `document_number` empty without one."""

    base: frozenset[str]
    announced: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    document_number: str = ""

    @property
    def citation(self) -> str:
        """Who asks for what a round added."""
        return f"（{self.document_number}申报要求，第十四条）"


def in_force(rounds: Iterable[Announced], on: date) -> Announced | None:
    """The round in force: of those that have begun the latest, of the same day the one confirmed last."""
    begun = [each for each in rounds if each.from_day <= on]
    return max(begun, key=lambda each: (each.from_day, each.number), default=None)


def required(base: Iterable[str], found: Announced | None, kind: Kind, investment_fen: int) -> Required:
    """What a declaration of this kind and amount must carry."""
    asked = frozenset(base)
    if found is None:
        return Required(asked)

    def of(table: Mapping[str, frozenset[Kind]]) -> tuple[str, ...]:
        return tuple(key for key, kinds in table.items() if not kinds or kind in kinds)

    fields = [key for key in of(found.fields) if investment_fen > 0 or key not in _COSTS]
    return Required(asked, tuple(fields), of(found.attachments), of(found.extra), found.document_number)


def announced_of(content: Mapping[str, Any], number: int) -> Announced:
    """A stored round as it is judged by."""

    def table(name: str, key: str) -> dict[str, frozenset[Kind]]:
        return {row[key]: frozenset(map(Kind, row.get("kinds") or ())) for row in content.get(name) or ()}

    return Announced(
        date.fromisoformat(content["effective_from"]),
        number,
        content["document_number"],
        table("fields", "field"),
        table("attachments", "slot"),
        table("extra", "name"),
    )
