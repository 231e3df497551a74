"""What a city wants checked besides the Measures (art. 5): items of the rule book's list `findings.extra`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from service.measures.parameters import RuleBook, UnknownParameter

KEY = "findings.extra"
PREFIX = "local_"  # no code of the Measures begins so


@dataclass(frozen=True, slots=True)
class LocalCheck:
    """A named check. `severity`: notice, or in_principle (wants a reason); no `kinds` = all; from `from_fen` on."""

    code: str
    severity: str
    text: str
    kinds: tuple[str, ...] = ()
    from_fen: int = 0

    def concerns(self, kind: str, investment_fen: int) -> bool:
        """Whether a project of this kind and amount is asked."""
        return investment_fen >= self.from_fen and (not self.kinds or kind in self.kinds)

    def as_text(self) -> str:
        """As it stands in the list: one spelling, so that equal checks are equal texts."""
        plain = {
            "code": self.code,
            "severity": self.severity,
            "text": self.text,
            "kinds": sorted(self.kinds),
            "from_fen": self.from_fen,
        }
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=4096)
def local_check(text: str) -> LocalCheck:
    """An item of the list; raises ValueError, KeyError or TypeError for what `as_text` never wrote."""
    plain = json.loads(text)
    kinds = tuple(str(kind) for kind in plain["kinds"])
    return LocalCheck(
        str(plain["code"]), str(plain["severity"]), str(plain["text"]), kinds, int(plain["from_fen"])
    )


def local_checks(rulebook: RuleBook, on: date) -> tuple[LocalCheck, ...]:
    """The checks in force on the date; none before the rule book knew of such a list."""
    try:
        return tuple(map(local_check, rulebook.list_on(KEY, on)))
    except UnknownParameter:
        return ()
