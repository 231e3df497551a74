"""The tables of `tongjian check articles` and `tongjian article`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table

from service.articles.survey import Carried, Survey
from service.measures.citations import article_label

# What stands before the colon of a rule's name, and how it is called in the table.
_KINDS = {
    "figure": "figure",
    "gate": "gate",
    "lifecycle": "deed",
    "deadline": "deadline",
    "function": "rule",
}


def overview(found: Survey) -> None:
    """A line an article, a few names of each kind, and what is missing."""
    table = Table(title="Articles 2-43: what carries each")
    for heading, options in (
        ("art.", {"justify": "right"}),
        ("about", {}),
        ("rules", {"ratio": 3}),
        ("endpoints", {"ratio": 2}),
        ("tests", {"ratio": 3}),
        ("readings", {}),
    ):
        table.add_column(heading, **options)
    for number, carried in found.articles.items():
        table.add_row(
            str(number),
            carried.heading,
            _few(carried.rules),
            _few(carried.endpoints),
            _few(carried.tests),
            " ".join(carried.readings),
        )
    console = Console()
    console.print(table)
    for fault in found.faults:
        console.print(fault, markup=False, highlight=False, soft_wrap=True)
    whole = sum(not carried.missing for carried in found.articles.values())
    console.print(f"{whole} of {len(found.articles)} articles have a rule, an endpoint and a test")


def page(number: int, carried: Carried) -> None:
    """One article: everything that carries it, whole names, each with file and line."""
    console = Console()
    console.print(f"\n[bold]art. {number}[/bold]  {article_label(number)} {carried.heading}", highlight=False)
    for line in carried.lines:
        console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
    kinds = {kind: names for kind, names in _by_kind(carried).items() if names}
    width = max((cell_len(name) for names in kinds.values() for name in names), default=0)
    places = [cell_len(place) for names in kinds.values() for place in names.values()]
    # A file takes it a line each; a terminal too narrow for both has the place below its name.
    below = console.is_terminal and 12 + width + max(places, default=0) > console.width
    for kind, names in kinds.items():
        for at, (name, place) in enumerate(sorted(names.items())):
            told = f"{name}\n{'':<12}{place}" if below else f"{set_cell_size(name, width)}  {place}"
            line = f"{kind if at == 0 else '':<10}{told}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    if carried.missing:
        console.print(f"missing: {', '.join(carried.missing)}", style="red")


def _by_kind(carried: Carried) -> dict[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {shown: {} for shown in _KINDS.values()}
    for name, place in carried.rules.items():
        kind, _, rest = name.partition(":")
        found[_KINDS[kind]][rest.removeprefix("service.")] = place
    tests = {name.rpartition("/")[2]: place for name, place in carried.tests.items()}
    return {**found, "endpoint": carried.endpoints, "reading": carried.readings, "test": tests}


def _few(names: Collection[str], most: int = 4) -> str:
    """The first few, the law core's and the tables' before the rest."""
    far = {name for name in names if "service.measures" not in name and name.startswith("function:")}
    ranked = sorted(names, key=lambda name: (name in far, name))
    short = [name.removeprefix("function:service.").removeprefix("tests/") for name in ranked[:most]]
    return "\n".join([*short, *([f"… {len(ranked) - most} more"] if len(ranked) > most else [])])
