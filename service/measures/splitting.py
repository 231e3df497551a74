"""Whether projects look like one project in parts (art. 8), or like a label chosen for its limit (art. 9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.measures.facts import Facts, ProjectClass
from service.measures.offices import Tier
from service.measures.parameters import RuleBook

# Parameters of practice: how near in time counts, and which words of a text speak for a label.
NEAR_DAYS = "split.near_days"
EVIDENCE = "label.evidence."
# Findings that come of looking at several projects or at the text; by kind of suspicion.
CODES = {"split": "split_suspicion", "label": "label_suspicion"}
OBSERVED = frozenset(CODES.values())


@dataclass(frozen=True, slots=True)
class Part:
    """One of several similar projects. Amounts in fen; `limit_fen` None: no threshold at all (art. 8)."""

    id: str
    counted_fen: int
    limit_fen: int | None


@dataclass(frozen=True, slots=True)
class Split:
    """Parts that together stand at or over a line that each stays under; `line_fen` None under art. 8."""

    line_fen: int | None
    sum_fen: int
    parts: tuple[str, ...]
    article: int


def split_of(new: Part, similar: Sequence[Part], *, inclusive: bool = True) -> Split | None:
    """The suspicion that `new` and projects similar to it raise, or None.

    A provincial department's similar projects may not be split whatever they cost (art. 8). Elsewhere the lowest of
    the parts' limits (art. 9) that each stays under and all together reach; `inclusive`: the limit itself counts as
    reached (R1). Parts at or over a line of their own have not escaped it and are left out.
    """
    if not similar:
        return None
    if new.limit_fen is None:
        parts = [new, *(part for part in similar if part.limit_fen is None)]
        if len(parts) < 2:
            return None
        return Split(None, sum(p.counted_fen for p in parts), tuple(p.id for p in parts), 8)

    def reaches(amount: int, line: int) -> bool:
        return amount >= line if inclusive else amount > line

    parts = [
        part
        for part in (new, *similar)
        if part.limit_fen is not None and not reaches(part.counted_fen, part.limit_fen)
    ]
    if len(parts) < 2 or parts[0] is not new:
        return None
    for line in sorted({part.limit_fen for part in parts if part.limit_fen is not None}):
        under = [part for part in parts if not reaches(part.counted_fen, line)]
        total = sum(part.counted_fen for part in under)
        if new in under and len(under) > 1 and reaches(total, line):
            return Split(line, total, tuple(part.id for part in under), 8)
    return None


def label_doubt(facts: Facts, others: Iterable[str], text: str, rulebook: RuleBook) -> Split | None:
    """Art. 9, R4: the label of the higher limit on an amount between the two, with nothing in the text to bear it.

    `others`: participating offices besides the owner. A named office is evidence of integration; a bare flag
    "cross-level" is not, since whoever plays the label sets it.
    """
    name = facts.project_class
    if facts.declarant.tier is Tier.PROVINCE or name is ProjectClass.OTHER:
        return None
    if name is ProjectClass.INTEGRATION and any(True for _ in others):
        return None
    excluded = rulebook.flag_on("maintenance_excluded.other", facts.on)
    would_count = facts.investment_fen - (facts.maintenance_fen if excluded else 0)
    line = rulebook.number_on("limit.other", facts.on)
    own = rulebook.number_on(f"limit.{name.value}", facts.on)
    inclusive = rulebook.flag_on("limit.figure_included", facts.on)
    over_line = would_count >= line if inclusive else would_count > line
    over_own = facts.investment_fen >= own if inclusive else facts.investment_fen > own
    if over_own or not over_line:
        return None
    if any(word in text for word in rulebook.list_on(f"{EVIDENCE}{name.value}", facts.on)):
        return None
    return Split(line, facts.investment_fen, (), 9)
