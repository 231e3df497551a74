"""Published apps as this process has read them: each revision once, for whoever may see it.

It is no truth and gives nothing away: what a reader may see is read from his tenant's rows each time, and only those
are ranked, compared and counted, as if there were no others. Reading an app (cutting its words) takes a millisecond, so
it is done beside the event loop, and what is worked out over thousands as well.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import func, select

from service.catalogue.models import app_entries
from service.catalogue.published_copies import text_of
from service.catalogue.search import AppText, chosen, document, plain, said
from service.kit.call import Call
from service.kit.db import Door, Row, Scope
from service.kit.statements import ROW_IDS, TENANT_ID, Statement, scope_ready
from service.similarity.comparing import Project, whole_tokens
from service.similarity.nearest import Nearest
from service.similarity.ranking import Index, tokens_of

E = app_entries.c
AT_ONCE = 200  # apps read between two looks at what else waits
_SPARE = 1000  # old revisions that are kept at least
TEXTS = Statement(
    select(E.provider_tenant, E.app_id, E.revision, E.name, E.category, E.content).where(
        E.tenant_id == TENANT_ID,
        E.app_id == func.any(ROW_IDS),
        scope_ready(),
    )
)


_Mark = tuple[str, str, int]  # whose app, which, and of which revision


def _mark(row: Row) -> _Mark:
    return row["provider_tenant"], row["app_id"], row["revision"]


class App(NamedTuple):
    """An app as it was read: its texts, what suggestions are made of, and how it is compared with a project."""

    text: AppText
    name: str  # as it is compared
    words: tuple[tuple[str, str], ...]  # a function, and as it is compared
    project: Project


class Kept:
    """Apps that were read, by a number each: only added to, so that a thread may look while another app is read."""

    def __init__(self) -> None:
        self.apps: list[App] = []
        self.numbers: dict[_Mark, int] = {}
        self.names: dict[_Mark, str] = {}
        self._found, self._near = Index(), Nearest()

    def stale(self, rows: Sequence[Row]) -> bool:
        """Whether most of it is revisions that were followed by others, or words were erased from one (art. 14)."""
        if len(self.apps) > 2 * len({mark[:2] for mark in self.numbers}) + _SPARE:
            return True
        # A purge takes name and text and is no revision: nothing of what was read before may stay.
        return any(self.names.get(_mark(row), row["name"]) != row["name"] for row in rows)

    async def read(self, rows: Sequence[Row]) -> dict[tuple[str, str], int]:
        """Reads these, beside the event loop; the numbers they got."""
        read = dict[tuple[str, str], int]()
        for row, (app, tokens, whole) in zip(rows, await asyncio.to_thread(_cut, rows), strict=True):
            number = self._found.add(document(app.text), tokens)
            self._near.add(whole)
            self.apps.append(app)
            mark = _mark(row)
            read[mark[:2]] = self.numbers[mark] = number
            self.names[mark] = row["name"]
        return read

    def matching(self, query: str, among: Mapping[int, Row]) -> dict[int, float]:
        """Those that match, with their scores (search.chosen)."""
        return {each.number: each.score for each in chosen(query, self._found, among)}

    def said(self, query: str, number: int) -> tuple[str, ...]:
        """What of an app made it match."""
        return said(query, self.apps[number].text, self._found, number)

    def suggested(self, text: str, among: Mapping[int, Row], most: int) -> list[str]:
        """Names and functions of these that contain the text, names first."""
        wanted = plain(text)
        if not wanted:
            return []
        apps = [self.apps[number] for number in among]
        names = sorted(app.text.name for app in apps if wanted in app.name)
        functions = sorted({word for app in apps for word, compared in app.words if wanted in compared})
        return list(dict.fromkeys([*names, *functions]))[:most]

    def nearest(self, wanted: Project, among: Mapping[int, Row], most: int) -> list[int]:
        """The numbers of those whose texts share most with a project's, the nearest first."""
        return self._near.to(whole_tokens(wanted), among, most)


class Remembered:
    """What a process has read. It begins anew now and then; who still looks at what it had keeps that."""

    def __init__(self) -> None:
        self._kept, self._turn = Kept(), asyncio.Lock()

    async def there(self, call: Call, scope: Scope, rows: Sequence[Row]) -> tuple[Kept, dict[int, Row]]:
        """The rows (of `provider_tenant`, `app_id`, `revision` and `name`) by the numbers of their apps, and what
        these are numbers in; reads what is new.
        """
        async with self._turn:  # who comes second finds what the first has read
            if self._kept.stale(rows):
                self._kept = Kept()
            kept, marks = self._kept, [_mark(row) for row in rows]
            new = [mark[1] for mark in marks if mark not in kept.numbers]
            changed = dict[tuple[str, str], int]()  # while it was read
            for start in range(0, len(new), AT_ONCE):
                some: dict[str, Any] = {
                    "tenant_id": call.principal.tenant,
                    "ids": new[start : start + AT_ONCE],
                }
                changed |= await kept.read(await call.door.fetch(scope, TEXTS, **some))
            if new:
                # They stay: else each full look for garbage goes through all of them, a third of a second.
                gc.freeze()
            found = [kept.numbers.get(mark, changed.get(mark[:2]) if new else None) for mark in marks]
            return kept, {number: row for number, row in zip(found, rows, strict=True) if number is not None}


def _cut(rows: Sequence[Row]) -> list[tuple[App, dict[str, float], dict[str, float]]]:
    """Each app with the tokens that it is searched by, and those that it is compared by."""
    found = []
    for row in rows:
        text, content = text_of(row), row["content"]
        tasks = "，".join([content.get("summary") or "", *content.get("functions", ())])
        project = Project(row["name"], tasks, "", content.get("description") or "")
        words = tuple((each, plain(each)) for each in text.functions)
        app = App(text, plain(row["name"]), words, project)
        found.append((app, tokens_of(document(text)), whole_tokens(project)))
    return found


_OF: WeakKeyDictionary[Door, Remembered] = WeakKeyDictionary()


def remembered(call: Call) -> Remembered:
    """What the process of this call has read."""
    return _OF.setdefault(call.door, Remembered())
