"""`tongjian check similarity FILE` and `check search FILE`: how well the methods do on labelled files.

FILE is JSON lines, one object per line, or one JSON document; UTF-8. Amounts of records are free.

similarity: records {"a": PROJECT, "b": PROJECT, "similar": true|false}, in a document as a list or under "pairs".
    PROJECT is {"name": …, "main_tasks": …, "goals": …, "technical_plan": …} (all but the name may be missing), or the
    name alone as a string. Further keys are left alone. Prints precision and recall at the threshold in use.
search: records {"query": "…", "relevant": ["app id", …]}, in a document as a list or under "queries". The apps
    are those of deploy/seed/apps.json unless the file brings its own: records {"app": APP} among the lines, or "apps":
    [APP, …] in the document. APP is {"id": …, "name": …, …} (or "key", as in the seed): every other text in it, also
    in lists, is searched. `relevant` names apps by id, key or name.
    Prints recall@10: of each query the share of its relevant apps among the first ten, averaged over the queries.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from service.similarity.comparing import THRESHOLD, Project, similarity
from service.similarity.ranking import Document, Index

SEED_APPS = Path(__file__).resolve().parents[2] / "deploy" / "seed" / "apps.json"
FIRST = 10
# Members of an app that tell nothing of what it is for.
_ASIDE = frozenset(
    {
        "support",
        "versions",
        "certificates",
        "cost",
        "service_terms",
        "openapi",
        "url",
        "code",
        "sharing",
        "reach",
        "status",
        "tenant",
        "office",
        "phone",
        "email",
    }
)
RECALL_AT_10, PRECISION, RECALL = 0.95, 0.7, 0.9  # what is promised of them


class FileInvalid(ValueError):
    """A file that is not of the documented shape; the message names the record."""


class Pairs(NamedTuple):
    """Counts of a trial on labelled pairs."""

    pairs: int
    precision: float
    recall: float

    @property
    def good(self) -> bool:
        return self.precision >= PRECISION and self.recall >= RECALL

    def __str__(self) -> str:
        at = f"threshold={THRESHOLD:.2f}"
        return f"pairs={self.pairs} precision={self.precision:.3f} recall={self.recall:.3f} {at}"


class Searches(NamedTuple):
    """Counts of a trial on queries."""

    queries: int
    apps: int
    recall: float

    @property
    def good(self) -> bool:
        return self.recall >= RECALL_AT_10

    def __str__(self) -> str:
        return f"queries={self.queries} apps={self.apps} recall@{FIRST}={self.recall:.3f}"


def records(file: Path) -> tuple[list[Any], list[Any]]:
    """(records, apps) of a file of either shape."""
    text = file.read_text(encoding="utf-8-sig")
    try:
        whole = json.loads(text)
    except ValueError:
        whole = [_line(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if isinstance(whole, dict):
        listed = next((whole[key] for key in ("pairs", "queries") if key in whole), None)
        apps = whole.get("apps", [])
        if listed is None:
            listed, apps = [whole], []
    else:
        listed, apps = whole, []
    if not isinstance(listed, list) or not isinstance(apps, list):
        raise FileInvalid("not a list of records: see tongjian check --help")
    own = [each["app"] for each in listed if isinstance(each, dict) and "app" in each]
    rest = [each for each in listed if not (isinstance(each, dict) and "app" in each)]
    return rest, [*apps, *own]


def _line(number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise FileInvalid(f"line {number} is not JSON") from None


def _fields(number: int, record: Any, *names: str) -> list[Any]:
    missing = [name for name in names if not isinstance(record, dict) or name not in record]
    if missing:
        raise FileInvalid(f"record {number} has no {' and no '.join(missing)}: see tongjian check --help")
    return [record[name] for name in names]


def _project(number: int, given: Any) -> Project:
    if isinstance(given, str):
        return Project(given)
    if not isinstance(given, dict) or not isinstance(given.get("name"), str):
        raise FileInvalid(f"record {number} has a project without a name")
    return Project(*(str(given.get(field) or "") for field in Project._fields))


def try_pairs(file: Path) -> Pairs:
    """Precision and recall at the threshold on labelled pairs."""
    found, _ = records(file)
    both = marked = true = 0
    for number, record in enumerate(found, 1):
        a, b, similar = _fields(number, record, "a", "b", "similar")
        if similar not in (True, False):
            raise FileInvalid(f"record {number}: similar is neither true nor false")
        said = similarity(_project(number, a), _project(number, b)).similar
        both += said and bool(similar)
        marked += said
        true += bool(similar)
    return Pairs(len(found), both / marked if marked else 0.0, both / true if true else 0.0)


def try_search(file: Path) -> Searches:
    """recall@10 of queries over the file's own apps or the seeded ones."""
    found, apps = records(file)
    if not apps:
        apps = _seeded()
    documents = [document_of(number, app) for number, app in enumerate(apps, 1)]
    known = {document.id: document.id for document in documents}
    for document in documents:
        known.setdefault(document.name, document.id)
    index, shares = Index(documents), []
    for number, record in enumerate(found, 1):
        query, relevant = _fields(number, record, "query", "relevant")
        wanted = {str(each) for each in ([relevant] if isinstance(relevant, str) else relevant)}
        if not wanted or wanted - known.keys():
            unknown = "、".join(sorted(wanted - known.keys())) or "nothing"
            raise FileInvalid(f"record {number}: relevant names {unknown}, which is no app's id")
        wanted = {known[each] for each in wanted}
        first = {hit.id for hit in index.rank(str(query), FIRST)}
        shares.append(len(first & wanted) / len(wanted))
    return Searches(len(shares), len(documents), sum(shares) / len(shares) if shares else 0.0)


def _seeded() -> list[Any]:
    """The apps of the seed: a list, or an object that holds one."""
    whole = json.loads(SEED_APPS.read_text(encoding="utf-8"))
    if isinstance(whole, dict):
        whole = next((value for value in whole.values() if isinstance(value, list)), [])
    return list(whole)


def document_of(number: int, app: Any) -> Document:
    """An app as a document: its name, and every other text in it."""
    (name,) = _fields(number, app, "name")
    identity = app.get("id") or app.get("key") or name
    rest = {key: value for key, value in app.items() if key not in ("id", "key", "name")}
    return Document(str(identity), str(name), "\n".join(_texts(rest)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        inner: Iterable[Any] = value
        if isinstance(value, dict):
            inner = [each for key, each in value.items() if key not in _ASIDE]
        for each in inner:
            yield from _texts(each)
