"""The dated facts of a case as they note what was asked of them, and answers that are known again by just that.

Every declared case has facts of its own, the digest of its text among them; of these an answer rests on few. Worked out
once, it holds for each case in which what was asked then stands alike, since it was worked out of nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")
Dated = Mapping[str, Any]
# A fact and a member of it. Without a member: whether there is such a fact. `_WHOLE`: all of it; as a fact, all facts.
Path = tuple[str, str]
_WHOLE = "*"
_WAYS = 16  # of asking that are tried for one key: which fact is asked next may hang on the last one's answer


class Noted(Mapping[str, Any]):
    """The facts of a case; `asked` is what was asked of them so far."""

    def __init__(self, dated: Dated) -> None:
        self._dated = dated
        self.asked: dict[Path, None] = {}

    def __getitem__(self, name: str) -> Any:
        self.asked[name, ""] = None
        fact = self._dated[name]
        if isinstance(fact, dict) and fact:
            return _Fact(name, fact, self.asked)
        self.asked[name, _WHOLE] = None
        return fact

    def __iter__(self) -> Iterator[str]:
        self.asked[_WHOLE, _WHOLE] = None
        return iter(self._dated)

    def __len__(self) -> int:
        self.asked[_WHOLE, _WHOLE] = None
        return len(self._dated)


class _Fact(Mapping[str, Any]):
    """One fact that says something; what stands within a member counts as asked with it."""

    def __init__(self, name: str, fact: Mapping[str, Any], asked: dict[Path, None]) -> None:
        self._name, self._fact, self._asked = name, fact, asked

    def __getitem__(self, member: str) -> Any:
        self._asked[self._name, member] = None
        return self._fact[member]

    def __iter__(self) -> Iterator[str]:
        self._asked[self._name, _WHOLE] = None
        return iter(self._fact)

    def __len__(self) -> int:
        self._asked[self._name, _WHOLE] = None
        return len(self._fact)

    def __bool__(self) -> bool:
        return True


def _stands(dated: Dated, path: Path) -> Hashable:
    """What stands there, told from whatever else might."""
    name, member = path
    if name == _WHOLE:
        return msgspec.json.encode(dated)
    fact = dated.get(name)
    if member == _WHOLE:
        return msgspec.json.encode(fact)
    if not isinstance(fact, dict):
        return name in dated
    if not member:
        return bool(fact), ()
    if member not in fact:
        return ()
    value = fact[member]
    return value if value is None or type(value) is str else msgspec.json.encode(value)


class Known(Generic[T]):
    """Answers of one process, at most `most`; those of the key asked for first go first."""

    def __init__(self, most: int) -> None:
        self._most, self._count = most, 0
        self._of: dict[Hashable, dict[tuple[Path, ...], dict[Hashable, T]]] = {}

    def of(self, key: Hashable, dated: Dated, make: Callable[[Dated], T]) -> T:
        """What `make` says of the facts. `key`: all else that its answer rests on."""
        ways = self._of.get(key)
        if ways is not None:
            for paths, answers in ways.items():
                known = answers.get(tuple([_stands(dated, path) for path in paths]))
                if known is not None:
                    return known
        noted = Noted(dated)
        made = make(noted)
        self._keep(key, tuple(noted.asked), dated, made)
        return made

    def _keep(self, key: Hashable, paths: tuple[Path, ...], dated: Dated, made: T) -> None:
        while self._count >= self._most:
            self._forget(self._of.pop(next(iter(self._of))))
        ways = self._of.setdefault(key, {})
        if paths not in ways and len(ways) >= _WAYS:
            self._count -= len(ways.pop(next(iter(ways))))
        ways.setdefault(paths, {})[tuple([_stands(dated, path) for path in paths])] = made
        self._count += 1

    def _forget(self, ways: dict[tuple[Path, ...], dict[Hashable, T]]) -> None:
        self._count -= sum(map(len, ways.values()))
