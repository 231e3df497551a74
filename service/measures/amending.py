"""How an explanation tells of amended law: the document that changed a rule, and what an older case is spared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from service.measures.parameters import RuleBook, UnknownParameter
from service.measures.rule_entries import Entry


def documents(rulebook: RuleBook, on: date, keys: Iterable[str]) -> tuple[str, ...]:
    """The amending documents that the named rules of the day come from, each once."""
    found: dict[str, None] = {}
    for key in keys:
        try:
            document = rulebook.entry_on(key, on).document
        except UnknownParameter:
            continue
        if document is not None:
            found[document] = None
    return tuple(found)


def amended(document: str) -> str:
    """The reference as an official reads it: （赣府厅发〔2026〕9号修改）."""
    return f"（{document}修改）"


def cited(found: Iterable[str]) -> str:
    """The references of several documents, one after the other."""
    return "".join(map(amended, found))


def amendments_told(rulebook: RuleBook, on: date, keys: tuple[str, ...]) -> str:
    """What is added to an explanation; nothing where the rules named were never amended for this case or another."""
    said = cited(documents(rulebook, on, keys))
    spared = [
        row
        for row in rulebook.aside
        if isinstance(row, Entry) and row.effective_from <= on and row.key in keys
    ]
    if spared and rulebook.taken_in is not None:
        newest = max(spared, key=lambda row: (row.effective_from, row.recorded_at))
        named = f"由{newest.document}修改的" if newest.document else ""
        said += (
            f"；本项目于{rulebook.taken_in.isoformat()}受理，按受理时的规定办理，"
            f"不适用{newest.effective_from.isoformat()}起{named}新规定（解释口径 R21）"
        )
    return said
