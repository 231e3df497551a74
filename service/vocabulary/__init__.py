"""What every code is called: one source of labels for refusals, exports, messages, the reference and `/vocabulary`.

Standard library only, so that the law (service/measures) may name things without reading a file. A label stands here
and nowhere else; a test holds that no second dictionary of labels exists and that every code on the wire has one.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.vocabulary import (
    auditing,
    catalogue,
    deciding,
    declaring,
    delivering,
    desks,
    drafts,
    duties,
    events,
    faults,
    findings,
    inputs,
    lifecycle,
    outputs,
    parameters,
    permissions,
    problems,
    queues,
    rules,
    upkeep,
)
from service.vocabulary.entry import Entry as Entry
from service.vocabulary.entry import Vocabulary as Vocabulary

_MODULES = (
    lifecycle,
    desks,
    declaring,
    deciding,
    delivering,
    duties,
    catalogue,
    findings,
    events,
    permissions,
    problems,
    faults,
    queues,
    upkeep,
    drafts,
    auditing,
    rules,
    inputs,
    parameters,
    outputs,
)
VOCABULARIES: Mapping[str, Vocabulary] = {
    each.name: each for module in _MODULES for each in vars(module).values() if isinstance(each, Vocabulary)
}
_NAMES = {name: each.names for name, each in VOCABULARIES.items()}


def names(vocabulary: str) -> Mapping[str, str]:
    """Code → Chinese label of a vocabulary, in its order; KeyError for one there is not."""
    return _NAMES[vocabulary]


def label(vocabulary: str, code: str | None) -> str:
    """The Chinese label; a code that a newer version wrote stays as it is, None is nothing."""
    return "" if code is None else _NAMES[vocabulary].get(code, code)
