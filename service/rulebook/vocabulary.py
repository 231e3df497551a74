"""The vocabulary as an answer, with the articles of an act and of a permission from the rules that name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.kit.authz import Policy
from service.measures.lifecycle import TRANSITIONS
from service.rulebook.schemas_vocabulary import LabelEntry, LabelView, VocabularyList, VocabularyView
from service.vocabulary import VOCABULARIES, Entry, Vocabulary


def of(names: Iterable[str], policy: Policy) -> VocabularyList:
    """The named vocabularies in the order of the whole; all of them for none named."""
    wanted = frozenset(names)
    cited = _cited(policy)
    return VocabularyList(
        [_view(each, cited) for each in VOCABULARIES.values() if not wanted or each.name in wanted]
    )


def _view(vocabulary: Vocabulary, cited: Mapping[tuple[str, str], tuple[int, ...]]) -> VocabularyView:
    return VocabularyView(
        vocabulary.name,
        LabelView(vocabulary.zh, vocabulary.en),
        [_entry(vocabulary.name, order, each, cited) for order, each in enumerate(vocabulary.entries, 1)],
    )


def _entry(
    name: str, order: int, entry: Entry, cited: Mapping[tuple[str, str], tuple[int, ...]]
) -> LabelEntry:
    articles = entry.articles or cited.get((name, entry.code), ())
    return LabelEntry(entry.code, LabelView(entry.zh, entry.en), order, entry.tone, list(articles))


def _cited(policy: Policy) -> dict[tuple[str, str], tuple[int, ...]]:
    """Where a rule names the articles, the table of labels does not say them again."""
    found: dict[tuple[str, str], set[int]] = {}
    for step in TRANSITIONS.values():
        found.setdefault(("action", step.action.value), set()).update(step.articles)
    for line in policy.lines:
        found.setdefault(("permission", f"{line.obj}/{line.act}"), set()).update(line.articles)
    return {key: tuple(sorted(numbers)) for key, numbers in found.items()}
