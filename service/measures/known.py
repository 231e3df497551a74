"""What the system knows when something is declared, and how it is sealed with it (art. 39)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from service.measures.evaluation import Evaluated


@dataclass(frozen=True, slots=True)
class Known:
    """What the system knows at the declaration. `registered`: keys of the named offices that the register has.

    `papers`: slots that hold a file; `unread`: names of files of which something could not be read. `planned`: the
    technical plan's part on sharing (art. 15) says something, so that nobody types it twice. `results`: evaluations of
    the owner's other projects (art. 40). `meeting`: the day of the resolution (art. 15); `begins`: the month in which
    building is to begin (2026-03), empty where the form does not say. `entered`: what the library entry that is cited
    calls the project, empty where it is called that or none is cited (art. 19).
    """

    previous: bool = False
    linked: bool = False
    registered: frozenset[str] = frozenset()
    papers: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()
    planned: bool = False
    results: tuple[Evaluated, ...] = ()
    meeting: date | None = None
    begins: str = ""
    entered: str = ""

    def as_dict(self) -> dict[str, object]:
        """As it is sealed with what was declared."""
        called = {"entered": self.entered} if self.entered else {}
        return called | {
            "previous": self.previous,
            "linked": self.linked,
            "registered": sorted(self.registered),
            "papers": sorted(self.papers),
            "unread": list(self.unread),
            "planned": self.planned,
            "meeting": self.meeting.isoformat() if self.meeting else None,
            "begins": self.begins,
            "results": [
                {"project": each.project, "total": each.total, "on": each.on.isoformat()}
                for each in self.results
            ],
        }


def known_of(plain: Mapping[str, object]) -> Known:
    """What was sealed, read again."""

    def listed(name: str) -> list[str]:
        value = plain.get(name)
        return [str(each) for each in value] if isinstance(value, list | tuple) else []

    return Known(
        previous=plain.get("previous") is True,
        linked=plain.get("linked") is True,
        registered=frozenset(listed("registered")),
        papers=frozenset(listed("papers")),
        unread=tuple(listed("unread")),
        planned=plain.get("planned") is True,
        results=results_of(plain.get("results")),
        meeting=date.fromisoformat(str(plain["meeting"])) if plain.get("meeting") else None,
        begins=str(plain.get("begins") or ""),
        entered=str(plain.get("entered") or ""),
    )


def results_of(plain: object) -> tuple[Evaluated, ...]:
    """Evaluations as they are sealed, or as the register of cases tells them."""
    rows = plain if isinstance(plain, list | tuple) else ()
    return tuple(Evaluated(row["project"], row["total"], date.fromisoformat(row["on"])) for row in rows)
