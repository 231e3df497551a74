"""The words of the command line: every command with its options."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from textwrap import fill
from typing import Any, TypeAlias

WIDE = 78  # letters of a line in a terminal of eighty, as argparse counts
CHECKS = """check deployment    tries whatever the settings name from this machine, and
                    says of each what to do
check audit         the chain of entries, its signed heads outside, and every
                    row of the cases against the entries
check rulebook      the recorded rules against the files
check keys          keys, clients and providers that are taken with less than
                    is asked of new ones
check articles      for every article its rules, endpoints and tests

"""
TRIAL_FILES = """FILE is JSON lines, one object per line, or one JSON document (a list, or an
object); UTF-8.

check similarity FILE
    {"a": PROJECT, "b": PROJECT, "similar": true|false} per record, or under
    "pairs"; prints precision and recall at the threshold in use. PROJECT is
    {"name": …, "main_tasks": …, "goals": …, "technical_plan": …}, all but the
    name may be missing, or the name as a string.
check search FILE
    {"query": "…", "relevant": ["app id", …]} per record, or under "queries";
    prints recall@10. Apps are deploy/seed/apps.json, unless FILE brings its
    own: {"app": APP} among the records, or "apps": [APP, …]. APP is {"id" or
    "key": …, "name": …, …}: all other text in it is searched too. "relevant"
    names apps by id, key or name.
check secrecy PATH…
    a file .jsonl of {"text": "…", "marked": true|false, "form": "…"}: recall
    by form, precision. Any other file, or all files of a directory: plain
    texts without marks, read whole and sentence by sentence; prints false
    alarms. Wanted: canonical, spaced and invisible forms all found, of every
    other form 95 %, no false alarm.

Exit code 1 when less than that is found, below recall@10 0.95, or below
precision 0.7 at recall 0.9.
These three need no database."""

# argparse gives the type of its sub-commands no public name.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class Misused(SystemExit):
    """Called wrongly, in a way that the parser cannot see: told in one line on stderr, exit code 2."""


def parser(checks: Iterable[str]) -> argparse.ArgumentParser:
    """The parser of `tongjian`; `checks` are what `check` can look at."""
    made = argparse.ArgumentParser(
        prog="tongjian",
        description="Declares, routes, files and monitors publicly funded digital projects.",
        epilog="Settings are variables of the environment: deploy/env.example has each; docs/operations.md says what "
        "is done when. Exit code 0: well; 1: something was found, or did not go; 2: called wrongly.",
    )
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _demo(commands)
    _server(commands)
    _set_up(commands)
    _survive(commands)
    _tools(commands, checks)
    return made


def _command(commands: Commands, name: str, help: str, **more: Any) -> argparse.ArgumentParser:
    """A command whose own help begins with what the list of commands says of it."""
    said = fill(f"{help[:1].upper()}{help[1:]}.", WIDE)  # a formatter that keeps lines keeps these
    return commands.add_parser(name, help=help, description=said, **more)


def _demo(commands: Commands) -> None:
    demo = _command(commands, "demo", help="servers, data and 20 cases played over HTTP; needs no set-up")
    demo.add_argument("--once", action="store_true", help="on a temporary database, then end")
    demo.add_argument(
        "--json", action="store_true", help="the cases as one JSON list on stdout, nothing else"
    )
    demo.add_argument(
        "--cases", type=Path, metavar="FILE", help="other cases than the province's demo_projects.json"
    )
    demo.add_argument("--port", type=_port, help="instead of 8000 or the next free one")
    demo.add_argument("--home", type=Path, metavar="DIR", help="where its data is kept (default: var/demo)")
    sandbox = _command(
        commands,
        "sandbox",
        help="a deployment of its own for portals: movable clock, every desk can be played",
    )
    sandbox.add_argument("--tenant", help="whose portal's key is told (default: the city that a demo shows)")
    sandbox.add_argument("--once", action="store_true", help="on a temporary database, then end")
    sandbox.add_argument("--json", action="store_true", help="address, client and secret as JSON on stdout")
    sandbox.add_argument("--port", type=_port, help="instead of 8100 or the next free one")
    sandbox.add_argument(
        "--home", type=Path, metavar="DIR", help="where its data is kept (default: var/sandbox)"
    )


def _server(commands: Commands) -> None:
    serve = _command(commands, "serve", help="the API")
    serve.add_argument("--fd", type=int, help=argparse.SUPPRESS)
    _command(commands, "worker", help="relay, inbox, webhooks, clean-up")
    _command(commands, "migrate", help="newest schema, the logins' passwords, the rule book recorded")


def _set_up(commands: Commands) -> None:
    seed = _command(commands, "seed", help="province, cities, counties, organs")
    seed.add_argument("--demo", action="store_true", help="also one person per role and a portal per city")
    bootstrap = _command(
        commands,
        "bootstrap",
        help="a tenant's administrator and security administrator, and the client they sign in through",
    )
    bootstrap.add_argument("tenant", metavar="TENANT", help="such as 360100")
    for prefix, who in (("", "the administrator"), ("security-", "the security administrator")):
        bootstrap.add_argument(f"--{prefix}login", metavar="LOGIN", help=f"of {who}")
        bootstrap.add_argument(f"--{prefix}name", metavar="NAME", help=f"of {who}")
        bootstrap.add_argument(
            f"--{prefix}public-jwk", type=Path, metavar="FILE", help=f"{who}'s own public key, a JWK"
        )
        bootstrap.add_argument(
            f"--{prefix}office", metavar="NAME", help=f"of {who}; default: the seeded one for it"
        )
    bootstrap.add_argument("--client", metavar="ID", default="sign-in", help="default: sign-in")


RESTORED = (
    ("data", "PostgreSQL's data directory"),
    ("documents", "TONGJIAN_DOCUMENTS_DIR"),
    ("anchors", "TONGJIAN_AUDIT_ANCHOR_DIR"),
    ("keys", "the signing keys and the secret key"),
)


def _survive(commands: Commands) -> None:
    backup = _command(
        commands, "backup", help="sets of base backup, documents, anchors and keys; the log's stream"
    )
    backup.add_argument(
        "action",
        choices=["base", "follow"],
        help="base: a new set; follow: until a signal, stream and mirror",
    )
    backup.add_argument(
        "--keep",
        type=_natural,
        metavar="N",
        help="after a new set: only the newest N stay, and of the log what they need",
    )
    _documents(commands)
    _restore(commands)


def _restore(commands: Commands) -> None:
    restore = _command(
        commands,
        "restore",
        help="lay a set out where a PostgreSQL can start on it; then declare what is lost",
    )
    restore.add_argument(
        "--set", metavar="NAME", help="default: the newest, with --until the newest before it"
    )
    restore.add_argument(
        "--until",
        type=_moment,
        metavar="MOMENT",
        help="not to the end of the log: what was committed before 2026-11-30T14:00:00+08:00",
    )
    restore.add_argument("--backup", type=Path, metavar="DIR", help="default: TONGJIAN_BACKUP_DIR")
    for part, what in RESTORED:
        restore.add_argument(f"--{part}", type=Path, metavar="DIR", help=f"to be: {what}")
    after = restore.add_subparsers(dest="action", metavar="declare")
    declare = after.add_parser(
        "declare",
        help="once PostgreSQL has recovered and before serve and worker: move numbers and feed positions past what "
        "was given out, sign the gap, tell administrators and portals",
    )
    declare.add_argument(
        "--margin",
        type=_natural,
        default=100,
        metavar="N",
        help="receipts that may have gone out after the last anchor, of each tenant; default: 100",
    )


def _documents(commands: Commands) -> None:
    documents = _command(
        commands,
        "documents",
        help="bring a directory of attachments into the store, or show all of it to the scanner again",
    )
    documents.add_argument(
        "action", choices=["load", "scan"], help="load: what the store lacks; scan: by signatures of today"
    )
    documents.add_argument(
        "directory", type=Path, nargs="?", metavar="DIR", help="load: <tenant>/<last two letters>/<id>"
    )


def _moment(text: str) -> datetime:
    made = None
    with suppress(ValueError):
        made = datetime.fromisoformat(text)
    if made is None or made.tzinfo is None:
        raise argparse.ArgumentTypeError("a moment with its offset, such as 2026-11-30T14:00:00+08:00")
    return made


def _natural(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number from 1 on")
    return int(text)


def _tools(commands: Commands, checks: Iterable[str]) -> None:
    route = _command(commands, "route", help="decide on the facts of a file; needs no database")
    route.add_argument("file", metavar="FILE", help="JSON, an object or a list; - for stdin")
    openapi = _command(commands, "openapi", help="write openapi/openapi.json")
    openapi.add_argument("--check", action="store_true", help="compare only; 1 when it differs")
    article = _command(
        commands,
        "article",
        help="what carries an article of the Measures: rules, deeds, deadlines, endpoints, tests",
    )
    article.add_argument("number", nargs="?", type=int, metavar="NUMBER", help="such as 29")
    article.add_argument("--all", action="store_true", help="every article that something has to carry")
    check = _command(
        commands,
        "check",
        help="try what the settings name (deployment), look for tampering (audit, rulebook), weak keys (keys), what "
        "carries the Measures (articles), or measure on labelled files (search, similarity, secrecy); 1 when something "
        "is found",
        epilog=CHECKS + TRIAL_FILES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument("what", metavar="WHAT", choices=sorted(checks))
    check.add_argument(
        "file", type=Path, nargs="*", metavar="FILE", help="for search, similarity (one) and secrecy only"
    )
    keys = _command(commands, "keys", help="the keys that sign access tokens; what the secret key seals")
    keys.add_argument(
        "action",
        choices=["generate", "rotate", "reseal"],
        help="generate: a first key, where there is no file; rotate: one more, which signs from now on; reseal: "
        "webhook secrets by TONGJIAN_SECRET_KEY and TONGJIAN_SEALING, whatever sealed them",
    )
    keys.add_argument("--file", type=Path, help="default: TONGJIAN_SIGNING_KEYS_FILE")
    keys.add_argument(
        "--drop-after", type=float, metavar="SECONDS", help="also remove keys that signed last so long ago"
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError("1 to 65535")
    return int(text)
