"""Lists and things by declaration: what most pages of registers are: a table, one thing with its facts, and its deeds.

A page that helps to decide (a case, a suspicion, an expert's sheet) has a template of its own; a register does not
need one. What is shown is told by columns; what may be done is told by operations, whose forms come from their structs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console.choosing import choices_for
from service.console.deeds import deed
from service.console.pages import page, render
from service.console.visiting import Visit
from service.console.wording import FILTERS, NOTHING
from service.docs.forms import Forms
from service.docs.schemas_forms import FormView
from service.kit.errors import not_found
from service.kit.handler import Rendered

Row = Mapping[str, Any]


class Column(NamedTuple):
    """A column of a list, or a line of a thing. `show`: a filter of wording; `under`: a field in small below."""

    header: str
    field: str
    show: str = ""
    under: str = ""
    under_show: str = ""
    number: bool = False
    tag: bool = False
    to: str = ""  # an address with {fields} of the row


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
    filters: Mapping[str, tuple[tuple[str, str], ...]] = {}
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


class Cell(NamedTuple):
    """What stands in a cell."""

    text: Any
    under: str
    tone: str
    address: str


class Offered(NamedTuple):
    """A form on the page, with what may be chosen in it and what is filled in already."""

    form: FormView
    choices: Mapping[str, list[tuple[str, str]]]
    given: Row | None


def value_of(row: Row, field: str) -> Any:
    """A field of an answer; dots go into objects."""
    found: Any = row
    for part in field.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def said(value: Any, show: str) -> Any:
    """As a reader is told it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        value = [each.get("name") if isinstance(each, Mapping) else each for each in value]
        return "、".join(str(said(each, show)) for each in value if each is not None) or NOTHING
    if show:
        return FILTERS[show](value)
    if isinstance(value, Mapping):
        return NOTHING
    return NOTHING if value in (None, "") else value


def cells(columns: tuple[Column, ...], row: Row) -> list[Cell]:
    """A row of a list, or the lines of a thing."""
    found = []
    for each in columns:
        value = value_of(row, each.field)
        tone = FILTERS[f"{each.show}_tone"](value) if each.tag else ""
        under = said(value_of(row, each.under), each.under_show) if each.under else ""
        address = each.to.format_map(row) if each.to and _filled(each.to, row) else ""
        found.append(Cell(said(value, each.show), str(under), tone, address))
    return found


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


def _list_pages(register: Register) -> list[HTTPRouteHandler]:
    async def shown(visit: Visit) -> Rendered:
        asked = {**register.always, **visit.picked(*register.filters, "cursor")} | (
            {"limit": str(register.limit)} if register.paged else {}
        )
        found = await visit.ask(register.operation, asked)
        doing = {row["id"]: waiting(visit, register, row) for row in found["items"] if register.facts}
        return render(
            visit, "records.html", register=register, found=found, cells=cells, doing=doing, acts=any(doing.values()),
            makes=await offered(visit, list(register.makes)),
        )  # fmt: skip

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
