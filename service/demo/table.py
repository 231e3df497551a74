"""What a demo shows: the cases as a table or as JSON, then how to go on by hand."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table

from service.console.account import demo_people
from service.demo.client import Client, Who
from service.demo.player import Outcome
from service.measures.offices import Divisions
from service.province import CODE
from service.setup.seed import demo_places
from service.vocabulary import names

ROUTES: Mapping[str, str] = names("route")
DESKS: Mapping[str, str] = names("role")
CITY, COUNTY = demo_places()
AUDIENCES = (
    (f"City portal {CITY['name']}门户", Who(CITY["code"]), "/projects?limit=5"),
    (f"County user {COUNTY['name']}应用使用人员", Who(CITY["code"], f"{COUNTY['code']}.user"), "/me"),
    ("Provincial office 省领导小组办公室", Who(CODE, "office"), "/filings?limit=5"),
)


def say(line: str) -> None:
    """Progress, on stderr: stdout belongs to the result."""
    print(line, file=sys.stderr, flush=True)


def write_json(outcomes: Iterable[Outcome]) -> None:
    """One list, and nothing else on stdout."""
    data = [outcome.as_dict() for outcome in outcomes]
    try:
        text = json.dumps(data, ensure_ascii=False, indent=1)
        print(text, flush=True)
    except UnicodeEncodeError:  # a terminal without UTF-8, or a lone surrogate in the file
        print(json.dumps(data, indent=1), flush=True)


def write_table(outcomes: list[Outcome], divisions: Divisions) -> None:
    """Project, tenant, route, articles, filing number, whom it notified."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Chinese shows the rest all the same
    plain = Console()
    console = plain if plain.is_terminal else Console(width=180)
    table = Table(title=f"{len(outcomes)} 个演示项目", show_lines=True)
    for column in ("编号", "项目", "地区", "路径", "条款", "备案号", "已收到通知"):
        table.add_column(column, no_wrap=column in ("备案号",))
    for each in outcomes:
        known = divisions.get(each.tenant or "")
        route = ROUTES.get(each.route or "", "未能判定")
        problems = "".join(f"\n{fault.get('pointer', '')} {fault.get('detail', '')}" for fault in each.errors)
        desks = [DESKS.get(label.partition("/")[2], label) for label in each.notified]
        table.add_row(
            each.external_ref,
            each.name,
            f"{known.name if known else ''} {each.tenant or ''}",
            route + problems,
            "、".join(map(str, each.articles)),
            each.filing_number or "",
            "、".join(desks),
        )
    console.print(table)


async def write_handles(client: Client, home: str) -> None:
    """Address, documentation, and one call per audience ready to be pasted."""
    print(f"\nAddress        {client.base}\nDocumentation  {client.base}/docs\nLogs and data  {home}\n")
    print(f"Console        {client.base}/console  (a link signs in, no password)")
    for group in demo_people():
        for person in group.people:
            print(f"  {client.base}{person.address}  {person.label}")
    print()
    for name, who, path in AUDIENCES:
        token = await client.token(who)
        print(f"# {name}\ncurl -s -H 'Authorization: Bearer {token}' '{client.base}/api/v1{path}'\n")
    print("# A new token for anybody of the demo (an hour each), by <tenant>/<login>")
    grant = "grant_type=urn:tongjian:grant:development"
    print(f"curl -s -d {grant} -d username={CITY['code']}/gatekeeper {client.base}/api/v1/oauth/token\n")
    print("Ctrl-C ends the demo; its data stays.", flush=True)
