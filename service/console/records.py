"""Lists and things by declaration: what most pages of registers are: a table, one thing with its facts, and its deeds.

A page that helps to decide (a case, a suspicion, an expert's sheet) has a template of its own; a register does not
need one. What is shown is told by columns; what may be done is told by operations, whose forms come from their structs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console.cells import Column, Row, cells
from service.console.choosing import choices_for
from service.console.deeds import deed
from service.console.listing import (
    Chip,
    Empty,
    Filter,
    asked_of,
    chips,
    drawn,
    files,
    kept_hidden,
    narrow,
    peeked,
    tally,
    told,
)
from service.console.pages import page, render
from service.console.visiting import Visit
from service.docs.forms import Forms
from service.docs.schemas_forms import FormView
from service.kit.errors import or_404
from service.kit.handler import Rendered

_NONE = object()  # the list does not tell the field: nothing waits by it


class Does(NamedTuple):
    """A deed on a thing, offered while one of its fields has one of these values (or always).

    `waits`: the thing waits for it then; otherwise it may be done, and neither its row nor a look at it presses for it.
    """

    operation: str
    field: str = ""
    values: tuple[Any, ...] = ()
    waits: bool = True


class Within(NamedTuple):
    """What a thing has several of, as a table under its facts; left out where it has none."""

    title: str
    field: str
    columns: tuple[Column, ...]


class Register(NamedTuple):
    """A list with its things. `read`: the operation of one thing; empty where the list tells all there is."""

    path: str
    title: str
    lead: str
    operation: str
    columns: tuple[Column, ...]
    empty: str
    articles: tuple[int, ...] = ()
    filters: tuple[Filter, ...] = ()
    makes: tuple[str, ...] = ()
    read: str = ""
    name: str = ""
    facts: tuple[Column, ...] = ()
    does: tuple[Does, ...] = ()
    paged: bool = True
    file: tuple[str, str] | None = None  # the export's operation, and its name under /console/files
    limit: int = 50
    always: Mapping[str, str] = {}  # what the list is asked unless a filter says otherwise
    paper: tuple[str, str] | None = None  # the operation of a thing's PDF, and its name under /console/files
    nothing: Empty = Empty()
    order: str = ""  # in words: what stands first
    case: str = ""  # the field with the id of the case behind a row, which a look shows
    queries: tuple[tuple[str, str], ...] = ()  # (what it is called, its query): often asked
    links: tuple[tuple[str, str, str], ...] = ()  # (words, address, operation) beside the title
    opens: bool = True  # a row has a page under `path`
    key: str = "id"  # the field that tells a row from the others
    within: tuple[Within, ...] = ()  # below a thing's facts
    busy: tuple[str, ...] = ()  # states that end by themselves: its page looks again until then
    template: str = "record.html"  # of a thing


class Offered(NamedTuple):
    """A form on the page, with what may be chosen in it and what is filled in already."""

    form: FormView
    choices: Mapping[str, list[tuple[str, str]]]
    given: Row | None


class Listed(NamedTuple):
    """A list as it is drawn: the answer, its conditions, how many, its files, the row that is looked at."""

    register: Register
    found: Mapping[str, Any]
    filters: list[Filter]
    chips: list[Chip]
    told: str
    files: list[tuple[str, str]]
    hidden: list[tuple[str, str]]
    doing: Mapping[str, list[tuple[str, str]]]
    row: Row | None
    case: Any | None
    tally: str = ""
    unasked: bool = False  # nobody chose the row: it is the first, seen where there is room beside the list

    @property
    def bare(self) -> bool:
        """Whether there is nothing at all: no condition could find anything, for none hides a row unasked."""
        whole = all(each.every.startswith(("全部", "不论", "不限")) for each in self.filters)
        return whole and not self.chips and not self.found["items"] and self.told == "共 0 项"

    @property
    def acts(self) -> bool:
        """Whether something may be done on a row: where its form is, or by one press (`press`, which a page adds)."""
        return any(self.doing.values()) or any(each.get("press") for each in self.found["items"])


async def offered(visit: Visit, operations: list[str], given: Row | None = None) -> list[Offered]:
    """The forms of those deeds that the caller's roles open."""
    found = []
    for name in operations:
        form = visit.services.shelf[Forms].of(name) if visit.may(name) else None
        if form is not None:
            choices = await choices_for(visit, form, given)
            found.append(Offered(form, choices, given if form.method == "PATCH" else None))
    return found


def waiting(visit: Visit, register: Register, row: Row) -> list[tuple[str, str]]:
    """(what it is called, where its form is) of the deeds that wait on a row; none for what may be done at any time."""
    forms = visit.services.shelf[Forms]
    return [
        (form.label, f"{register.path}/{row['id']}#deed-{each.operation}")
        for each in register.does
        if each.waits
        and each.field
        and row.get(each.field, _NONE) in each.values
        and visit.may(each.operation)
        if (form := forms.of(each.operation)) is not None
    ]


def routes_of(register: Register) -> list[HTTPRouteHandler]:
    """The pages of a register: its list, and its things where they have pages."""
    made = [*_list_pages(register)]
    return [*made, *_thing_pages(register)] if register.facts else made


async def listing(
    visit: Visit, register: Register, asked: Mapping[str, str] | None = None, **path: str
) -> Listed:
    """The list as the page's address asks for it. `asked`: what the page itself adds to its operation's query.

    `path`: parts of the operation's own address. Conditions that the operation does not take narrow what it told.
    """
    order = visit.query.get("order", "")
    register = register._replace(columns=tuple(each for each in register.columns if each.only in ("", order)))
    filters = await drawn(visit, register.filters)
    wanted = {
        **register.always,
        **asked_of(visit.query, filters),
        **visit.picked("cursor", "order"),
        **(asked or {}),
    }
    limit = {"limit": str(register.limit)} if register.paged else {}
    found = await visit.ask(register.operation, {**wanted, **limit}, **path)
    own = [each.name for each in register.filters if each.kind == "local" and not register.paged]
    found = narrow(visit, found, *own)
    for each in found["items"] if register.key != "id" else ():
        each["id"] = each[register.key]
    chosen = visit.query.get("peek", "")
    row = next((each for each in found["items"] if each["id"] == chosen), None) if chosen else None
    kept = {name: value for name, value in wanted.items() if name not in ("cursor", "count")}
    return Listed(
        register,
        found,
        filters,
        chips(visit, filters),
        told(found, first="cursor" not in visit.query),
        files(visit, register.file, kept),
        kept_hidden(visit, filters),
        {each["id"]: waiting(visit, register, each) for each in found["items"] if register.facts},
        row,
        await peeked(visit, row, register.case) if register.case else None,
        tally(register.columns, found, whole="cursor" not in visit.query),
    )


async def looked(visit: Visit, listed: Listed) -> Listed:
    """The list with a look at its first row, where the reader chose none: a wide screen has room for it."""
    register, rows = listed.register, listed.found["items"]
    if "peek" in visit.query or not rows or not (register.case or register.facts):
        return listed
    row = rows[0]
    case = await peeked(visit, row, register.case) if register.case else None
    if register.case and case is None:  # not the reader's to see: then nothing is opened unasked
        return listed
    return listed._replace(row=row, case=case, unasked=True)


async def show_list(visit: Visit, register: Register, asked: Mapping[str, str] | None = None) -> Rendered:
    """A list's page."""
    listed = await looked(visit, await listing(visit, register, asked))
    return shown_as(visit, listed, await offered(visit, list(register.makes)))


def shown_as(
    visit: Visit,
    listed: Listed,
    makes: Sequence[Offered] = (),
    template: str = "records.html",
    **context: Any,
) -> Rendered:
    """The page of a list that was asked already. `context`: what its own template wants beside the list."""
    return render(visit, template, list=listed, cells=cells, makes=makes, **context)


def _list_pages(register: Register) -> list[HTTPRouteHandler]:
    async def shown(visit: Visit) -> Rendered:
        return await show_list(visit, register)

    async def made(visit: Visit) -> Rendered:
        def then(answer: Any) -> str:
            one = bool(register.facts) and isinstance(answer, Mapping) and "id" in answer
            return f"{register.path}/{answer['id']}" if one else register.path

        return await deed(visit, shown, then=then)

    return pair(register.path, shown, made if register.makes else None)


def _thing_pages(register: Register) -> list[HTTPRouteHandler]:
    async def shown(visit: Visit) -> Rendered:
        found = await _read(visit, register)
        open_now = [
            each.operation for each in register.does if not each.field or found.get(each.field) in each.values
        ]
        return render(
            visit,
            register.template,
            register=register,
            found=found,
            lines=list(zip(register.facts, cells(register.facts, found), strict=True)),
            within=[
                (each, [cells(each.columns, row) for row in found[each.field] or ()])
                for each in register.within
            ],
            deeds=await offered(visit, open_now, found),
        )

    async def done(visit: Visit) -> Rendered:
        gone = visit.field("_op").endswith(("_delete",))
        then = (lambda _: register.path) if gone else None
        return await deed(visit, shown, then=then, ref=visit.part("ref"))

    return pair(f"{register.path}/{{ref:str}}", shown, done if register.does else None)


async def _read(visit: Visit, register: Register) -> Any:
    ref = visit.part("ref")
    if register.read:
        return await visit.ask(register.read, ref=ref)
    listed = await visit.ask(register.operation, {"limit": "200"} if register.paged else {})
    found = or_404(next((each for each in listed["items"] if each["id"] == ref), None))
    return found


def pair(
    path: str,
    shown: Callable[[Visit], Awaitable[Rendered]],
    done: Callable[[Visit], Awaitable[Rendered]] | None,
) -> list[HTTPRouteHandler]:
    made = [page("GET", path)(shown)]
    return made if done is None else [*made, page("POST", path)(done)]
