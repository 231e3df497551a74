"""Lists and things by declaration: what most pages of registers are: a table, one thing with its facts, and its deeds.

A page that helps to decide (a case, a suspicion, an expert's sheet) has a template of its own; a register does not
need one. What is shown is told by columns; what may be done is told by operations, whose forms come from their structs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

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
    peeked,
    told,
)
from service.console.pages import page, render
from service.console.visiting import Visit
from service.console.wording import FILTERS, NOTHING, ago, day, until_tone
from service.docs.forms import Forms
from service.docs.schemas_forms import FormView
from service.kit.errors import not_found
from service.kit.handler import Rendered

Row = Mapping[str, Any]
_FELT = ("ago", "until")  # how a list shows days


class Column(NamedTuple):
    """A column of a list, or a line of a thing. `show`: a filter of wording; `under`: a field in small below.

    `art`: the chip of the row's article and basis. `show` of a day may be `ago` or `until`: a list says the day and
    in small how long ago, or how long until and in small the day; once the field `unless` is filled, the term is met
    and only the day is told. `wide`: left out on narrow screens. `near`: a field that, set, marks the amount as close
    to the limit. `sort`: (order, direction) of the list's own orders, the first when the header is chosen first.
    """

    header: str
    field: str
    show: str = ""
    under: str = ""
    under_show: str = ""
    number: bool = False
    tag: bool = False
    to: str = ""  # an address with {fields} of the row
    wide: bool = False
    unless: str = ""
    near: str = ""
    sort: tuple[tuple[str, str], ...] = ()


class Does(NamedTuple):
    """A deed on a thing, offered while one of its fields has one of these values (or always)."""

    operation: str
    field: str = ""
    values: tuple[Any, ...] = ()


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


class Cell(NamedTuple):
    """What stands in a cell. `mark`: a remark beside it; `tone`: the class of a tag or of the text."""

    text: Any
    under: str
    tone: str
    address: str
    mark: str = ""


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

    @property
    def acts(self) -> bool:
        """Whether something may be done on a row."""
        return any(self.doing.values())


def value_of(row: Row, field: str) -> Any:
    """A field of an answer; dots go into objects."""
    found: Any = row
    for part in field.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def said(value: Any, show: str) -> Any:
    """As a reader is told it."""
    if isinstance(value, bool) and not show:
        return "是" if value else "否"
    if isinstance(value, list):
        value = [each.get("name") if isinstance(each, Mapping) else each for each in value]
        return "、".join(str(said(each, show)) for each in value if each is not None) or NOTHING
    if show:
        return NOTHING if show == "art" else FILTERS[show](value)
    if isinstance(value, Mapping):
        return NOTHING
    return NOTHING if value in (None, "") else value


def cells(columns: tuple[Column, ...], row: Row) -> list[Cell]:
    """A row of a list, or the lines of a thing."""
    return [_cell(each, row) for each in columns]


def _cell(column: Column, row: Row) -> Cell:
    value = value_of(row, column.field)
    under = str(said(value_of(row, column.under), column.under_show)) if column.under else ""
    address = column.to.format_map(row) if column.to and _filled(column.to, row) else ""
    show, tone = column.show, ""
    if show in _FELT and value:
        if show == "until" and not (column.unless and value_of(row, column.unless)):
            tone = until_tone(value)
            under = " · ".join(part for part in (day(value), under) if part not in ("", NOTHING))
        else:
            show, under = "day", under or (ago(value) if show == "ago" else "")
    if column.tag:
        tone = FILTERS[f"{column.show}_tone"](value)
    mark = "近" if column.near and value_of(row, column.near) else ""
    return Cell(said(value, show), under, tone, address, mark)


def _filled(address: str, row: Row) -> bool:
    return all(row.get(part.partition("}")[0]) for part in address.split("{")[1:])


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
        if each.field and each.field in row and row[each.field] in each.values and visit.may(each.operation)
        if (form := forms.of(each.operation)) is not None
    ]


def routes_of(register: Register) -> list[HTTPRouteHandler]:
    """The pages of a register: its list, and its things where they have pages."""
    made = [*_list_pages(register)]
    return [*made, *_thing_pages(register)] if register.facts else made


async def listing(visit: Visit, register: Register, asked: Mapping[str, str] | None = None) -> Listed:
    """The list as the page's address asks for it. `asked`: what the page itself adds to its operation's query."""
    filters = await drawn(visit, register.filters)
    wanted = {
        **register.always,
        **asked_of(visit.query, filters),
        **visit.picked("cursor", "order"),
        **(asked or {}),
    }
    limit = {"limit": str(register.limit)} if register.paged else {}
    found = await visit.ask(register.operation, {**wanted, **limit})
    chosen = visit.query.get("peek", "")
    row = next((each for each in found["items"] if each["id"] == chosen), None) if chosen else None
    kept = {name: value for name, value in wanted.items() if name not in ("cursor", "count")}
    return Listed(
        register, found, filters, chips(visit, filters), told(found, first="cursor" not in visit.query),
        files(visit, register.file, kept), kept_hidden(visit, filters),
        {each["id"]: waiting(visit, register, each) for each in found["items"] if register.facts},
        row, await peeked(visit, row, register.case) if register.case else None,
    )  # fmt: skip


async def show_list(visit: Visit, register: Register, asked: Mapping[str, str] | None = None) -> Rendered:
    """A list's page."""
    return shown_as(visit, await listing(visit, register, asked), await offered(visit, list(register.makes)))


def shown_as(visit: Visit, listed: Listed, makes: Sequence[Offered] = ()) -> Rendered:
    """The page of a list that was asked already."""
    return render(visit, "records.html", list=listed, cells=cells, makes=makes)


def _list_pages(register: Register) -> list[HTTPRouteHandler]:
    async def shown(visit: Visit) -> Rendered:
        return await show_list(visit, register)

    async def made(visit: Visit) -> Rendered:
        def then(answer: Any) -> str:
            one = bool(register.facts) and isinstance(answer, Mapping) and "id" in answer
            return f"{register.path}/{answer['id']}" if one else f"{register.path}#main"

        return await deed(visit, shown, then=then)

    return pair(register.path, shown, made if register.makes else None)


def _thing_pages(register: Register) -> list[HTTPRouteHandler]:
    async def shown(visit: Visit) -> Rendered:
        found = await _read(visit, register)
        open_now = [
            each.operation for each in register.does if not each.field or found.get(each.field) in each.values
        ]
        return render(
            visit, "record.html", register=register, found=found, lines=list(
                zip(register.facts, cells(register.facts, found), strict=True)
            ), deeds=await offered(visit, open_now, found),
        )  # fmt: skip

    async def done(visit: Visit) -> Rendered:
        gone = visit.field("_op").endswith(("_delete",))
        then = (lambda _: f"{register.path}#main") if gone else None
        return await deed(visit, shown, then=then, ref=visit.part("ref"))

    return pair(f"{register.path}/{{ref:str}}", shown, done if register.does else None)


async def _read(visit: Visit, register: Register) -> Any:
    ref = visit.part("ref")
    if register.read:
        return await visit.ask(register.read, ref=ref)
    listed = await visit.ask(register.operation, {"limit": "200"} if register.paged else {})
    found = next((each for each in listed["items"] if each["id"] == ref), None)
    if found is None:
        raise not_found()
    return found


def pair(
    path: str,
    shown: Callable[[Visit], Awaitable[Rendered]],
    done: Callable[[Visit], Awaitable[Rendered]] | None,
) -> list[HTTPRouteHandler]:
    made = [page("GET", path)(shown)]
    return made if done is None else [*made, page("POST", path)(done)]
