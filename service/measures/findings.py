"""What a decision remarks on a project, and how hard each remark is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from service.measures.citations import Citation


class Severity(StrEnum):
    """gate: 不得/不予, stops. in_principle: 原则上, passes with a recorded reason. notice: to be seen."""

    GATE = "gate"
    IN_PRINCIPLE = "in_principle"
    NOTICE = "notice"


_RANK = {Severity.GATE: 0, Severity.IN_PRINCIPLE: 1, Severity.NOTICE: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark with its article. `items` lists several items of the article (negative_not_checked only)."""

    code: str
    severity: Severity
    article: int
    message: str
    item: int | None = None
    reading: str | None = None
    items: tuple[int, ...] = ()

    @property
    def citation(self) -> Citation:
        """Where the remark comes from."""
        return Citation(self.article, self.item, self.reading)

    def as_dict(self) -> dict[str, object]:
        """JSON-ready; `items` appears only where the finding has any."""
        plain: dict[str, object] = {
            "code": self.code,
            "severity": self.severity.value,
            "article": self.article,
            "item": self.item,
            "reading": self.reading,
            "message": self.message,
        }
        if self.items:
            plain["items"] = list(self.items)
        return plain


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Hardest first, then article, item and code: one order wherever findings are shown or compared."""
    return tuple(sorted(findings, key=lambda f: (_RANK[f.severity], f.article, f.item or 0, f.code)))
