"""Whether two projects may be parts of one (art. 8): a suspicion costs officials time, so it names what both speak of.

Alike (comparing.py) finds candidates for reuse, where one too many costs a glance. Here texts that every declaration of
an office repeats, word for word, count for nothing unless the names share their object, and nothing is suspected that
rests on no word of substance in name, tasks or goals: platforms, clouds and protection levels are nobody's object.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from service.similarity.comparing import Likeness, Project, overlap, similarity
from service.similarity.words import normal, read

# Measured on tests/similarity/data and tests/suspicions/data: from the second on the shared passages themselves say it,
# where no list knows the words for the object.
LEAST, PLAIN = 0.12, 0.22
_ONE_NAME, _SHORTEST = 0.4, 4
_SUBSTANCE = 0.5  # what a word must weigh in a text to be somebody's object
_CLAUSE = re.compile(r"[，。；、！？,.;!?\n]+")
_NOTHING = Likeness(0.0, ())


def parts(a: Project, b: Project) -> Likeness:
    """How alike as parts of one; 0 without a word of substance that both share. Symmetric."""
    if not objects(a.name) & objects(b.name):
        a, b = _without_copies(a, b), _without_copies(b, a)
    found = similarity(a, b)
    if found.score < LEAST:
        return _NOTHING
    if not found.phrases and (said := _one_name(a.name, b.name)):
        found = Likeness(found.score, (said,))
    if not found.phrases or (found.score < PLAIN and not _spoken(a) & _spoken(b)):
        return _NOTHING
    return found


def _one_name(a: str, b: str) -> str:
    """What two names have in common where they are one name but for a phase or part: 数字档案馆（一期）,（二期）."""
    if overlap(read(a, True).tokens, read(b, True).tokens) < _ONE_NAME:
        return ""
    left, right = normal(a), normal(b)
    found = SequenceMatcher(None, left, right, autojunk=False).find_longest_match()
    return left[found.a : found.a + found.size] if found.size >= _SHORTEST else ""


@lru_cache(maxsize=4096)
def objects(text: str) -> frozenset[str]:
    """Words and meanings that weigh something: no pairs of characters, nothing from the lists of common words."""
    tokens = read(text).tokens
    return frozenset(
        token for token, weight in tokens.items() if weight >= _SUBSTANCE and not token.startswith("~")
    )


def _spoken(project: Project) -> frozenset[str]:
    return objects("\n".join((project.name, project.main_tasks, project.goals)))


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSE.split(normal(text)) if clause]


def _without_copies(one: Project, other: Project) -> Project:
    """Without the clauses that the other's text has word for word."""
    copied = set(_clauses(other.body))

    def kept(text: str) -> str:
        return "，".join(clause for clause in _clauses(text) if clause not in copied)

    return Project(one.name, kept(one.main_tasks), kept(one.technical_plan), kept(one.goals))
