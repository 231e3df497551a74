"""Trial run, the named materials of completion acceptance, and the evaluation window (arts 30, 32, 40)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from service.measures.declaration import Missing
from service.measures.periods import add_months, moved
from service.vocabulary import names


@dataclass(frozen=True, slots=True)
class Part:
    """A part a material must cover; `work_secrets`: only where the project touches work secrets.

    `slot`: the place of the checklist for a file of its own, where there is one.
    """

    key: str
    work_secrets: bool = False
    slot: str = ""

    @property
    def name(self) -> str:
        """What it is called."""
        return names("acceptance_part")[self.key]


@dataclass(frozen=True, slots=True)
class Material:
    """One of the materials that art. 30 names, and the slot of the checklist that its file lies in."""

    key: str
    slot: str
    parts: tuple[Part, ...] = ()

    @property
    def name(self) -> str:
        """What it is called."""
        return names("acceptance_material")[self.key]


MATERIALS: tuple[Material, ...] = (
    Material("summary", "summary"),
    Material("data_sharing_report", "data_report", (
        Part("catalogue"), Part("access"), Part("sharing"),
    )),
    Material("data_confirmation", "data_confirmation"),
    Material("safe_reliable", "safe_products"),
    Material("financial_report", "financial_report"),
    Material("third_party_audit", "audit_report"),
    Material("third_party_test", "test_report", (
        Part("function"), Part("performance"),
    )),
    Material("security_risk", "risk_assessment", (
        Part("protection_level"),
        Part("work_secrets", True, "work_secret_check"),
    )),
    Material("cryptography", "crypto_assessment"),
    Material("secrecy_risk", "secrecy_assessment"),
    Material("archives", "archives_acceptance"),
)  # fmt: skip
KEYS = tuple(material.key for material in MATERIALS)
PART_KEYS = tuple(part.key for material in MATERIALS for part in material.parts)


@dataclass(frozen=True, slots=True)
class Given:
    """What an application rests on. `materials`: {material: parts} as told; `papers`: those of them with a digest.

    `attached`: slots in which a file lies; `confirmed`: materials that stand as records of this system (the data
    office's confirmation).
    """

    materials: Mapping[str, Collection[str]] = field(default_factory=dict)
    papers: Collection[str] = ()
    attached: Collection[str] = ()
    confirmed: Collection[str] = ()
    work_secrets: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist: what the material must cover here, what of it is given."""

    material: Material
    parts: tuple[Part, ...]
    given: bool
    lacking: tuple[Part, ...]

    @property
    def complete(self) -> bool:
        return self.given and not self.lacking


def checklist(given: Given) -> list[Line]:
    """Art. 30's materials against what is given: the one code of both checklists and of the application (R51).

    A material is there by its digest, by a file in its slot or as a record of this system; a part is there when it is
    told, or by a file in a slot of its own.
    """
    lines = []
    for material in MATERIALS:
        parts = tuple(part for part in material.parts if given.work_secrets or not part.work_secrets)
        here = (
            material.key in given.papers or material.key in given.confirmed or material.slot in given.attached
        )
        told = given.materials.get(material.key, ())
        lacking = tuple(
            part for part in parts if part.key not in told and (part.slot or None) not in given.attached
        )
        lines.append(Line(material, parts, here, lacking))
    return lines


def missing(lines: Iterable[Line]) -> list[Missing]:
    """What an application would be refused for, with pointers into its request."""
    return [point for line in lines for point in _points(line)]


def _points(line: Line) -> Iterator[Missing]:
    at, name = f"/materials/{line.material.key}", line.material.name
    if not line.given:
        yield Missing(at, "material_missing", f"缺少验收材料：{name}（第三十条）", 30)
    elif line.lacking:
        lacking = "、".join(part.name for part in line.lacking)
        yield Missing(f"{at}/parts", "part_missing", f"验收材料{name}缺少{lacking}（第三十条）", 30)


def resting_on(given: Given) -> list[str]:
    """The slots whose files an application rests on, in the order of art. 30."""
    wanted = [slot for each in MATERIALS for slot in (each.slot, *(part.slot for part in each.parts)) if slot]
    return [slot for slot in wanted if slot in given.attached]


def by_slot(lines: Iterable[Line]) -> dict[str, bool]:
    """Every slot that is wanted, and whether what belongs there is given; a part's own slot stands for the part."""
    found = {}
    for line in lines:
        own = [part for part in line.parts if part.slot]
        found[line.material.slot] = line.given and not set(line.lacking) - set(own)
        found |= {part.slot: line.given and part not in line.lacking for part in own}
    return found


def misplaced(given: Mapping[str, Collection[str]]) -> list[tuple[str, str]]:
    """(material, part) pairs where the part belongs to another material."""
    known = {material.key: {part.key for part in material.parts} for material in MATERIALS}
    return [(key, part) for key, parts in given.items() for part in parts if part not in known[key]]


def trial_run_ends(begun: date, months: int, suspended: Mapping[str, Any], today: date) -> date:
    """Art. 30: the first day on which the final inspection may be held.

    Six calendar months from the day it began; days of suspension (from the day of suspension to the day before the
    resumption) are no trial and are added, so that a suspended system is tried as long as any other. `suspended`: the
    fact; its `earlier_days` are those of the trial run's spells before this one.
    """
    due = add_months(begun, months) + timedelta(days=int(suspended.get("earlier_days") or 0))
    if not suspended:
        return due
    until = suspended.get("until")
    stop = (date.fromisoformat(suspended["on"]), date.fromisoformat(until) if until else None)
    return moved(due, begun, [stop], today)


def spent_in_trial(suspended: Mapping[str, Any], begun: date | None) -> int:
    """Days of the trial run that a suspension, now over, and those before it took."""
    earlier = int(suspended.get("earlier_days") or 0)
    if begun is None or not suspended.get("until"):
        return earlier
    first = max(date.fromisoformat(suspended["on"]), begun)
    return earlier + max(0, (date.fromisoformat(suspended["until"]) - first).days)


def evaluation_window(
    accepted: date, operating: date, from_months: int, until_months: int
) -> tuple[date, date]:
    """Art. 40: first and last day of the self-evaluation, from the later of acceptance and operation."""
    later = max(accepted, operating)
    return add_months(later, from_months), add_months(later, until_months)
