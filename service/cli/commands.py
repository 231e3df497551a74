"""`tongjian`: what each command does; its words stand in arguments.

Imports stand inside the commands: `tongjian route` must not wait for what only the server needs.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from service.cli import checks, tools
from service.cli.arguments import Misused, parser

if TYPE_CHECKING:
    from service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
_EXPECTED = ("asyncpg.", "sqlalchemy.", "alembic.", "redis.")


def main(argv: list[str] | None = None) -> int:
    """Runs a command; the exit code. Whatever an operator can mend is told in one line, without a traceback."""
    import signal

    from service.kit.output import open_standard_streams

    open_standard_streams()
    made = parser([*_CHECKS, *_SOURCES, *_TRIALS])
    if not (sys.argv[1:] if argv is None else argv):
        made.print_help(sys.stderr)  # whoever asks for nothing is told what there is
        return 2
    options = made.parse_args(argv)
    if options.command in _WITH_TABLES:
        import service.setup.schema  # noqa: F401 - every process that opens a database knows every table
    if options.command != "route":
        signal.signal(signal.SIGTERM, _ended)  # a normal exit: whatever is open gets closed
    try:
        return int(_COMMANDS[options.command](options))
    except Misused as wrong:
        print(wrong, file=sys.stderr)
        wrong.code = 2
        raise
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has gone: nothing to say and nobody to say it to
        return 1
    except Exception as error:
        if not _is_expected(error):
            raise
        print(f"tongjian {options.command}: {_one_line(error)}", file=sys.stderr)
        if options.command in _SERVED:
            print("`tongjian check deployment` tries each setting and says what to do", file=sys.stderr)
        return 1


def _ended(*_: object) -> None:
    from service.kit.tasks import DEAD

    raise SystemExit(1 if DEAD else 0)


def _is_expected(error: Exception) -> bool:
    """Servers that are not there, files that cannot be read, rules that were rewritten: not a defect of ours."""
    kinds = [f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__]
    ours = (
        "service.rulebook.recording.RuleBookRewritten",
        "service.rulebook.loader.RuleFileInvalid",
        "service.kit.tasks.TaskDied",
        "service.backup.taking.BackupFailed",
        "service.documents.storage.StorageAway",
    )
    return isinstance(error, OSError) or any(kind.startswith(_EXPECTED) or kind in ours for kind in kinds)


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 1000 else f"{text[:1000]} …"


def _demo(options: argparse.Namespace) -> int:
    import os

    from service.demo import run as demo
    from service.province import home

    own = home() / "demo_projects.json"
    wish = demo.Wish(
        once=options.once,
        json=options.json,
        cases=options.cases or (own if own.exists() else None),
        port=options.port,
        home=options.home or ROOT / "var" / "demo",
    )
    # Handed on to the processes it starts; what it means is read by `Settings` alone.
    return demo.run(wish, os.environ)


def _sandbox(options: argparse.Namespace) -> int:
    import os

    from service.cli import sandbox
    from service.setup.seed import demo_places

    home = (options.home or ROOT / "var" / "sandbox").resolve()
    wish = sandbox.Wish(
        options.once, options.json, options.port, home, options.tenant or demo_places()[0]["code"]
    )
    return sandbox.run(wish, os.environ)


def _serve(options: argparse.Namespace) -> int:
    from service.cli.serve import run
    from service.settings import load

    return run(load(), options.fd)


def _worker(_: argparse.Namespace) -> int:
    import asyncio

    from service.kit.garbage import settle
    from service.settings import load
    from service.worker import run

    settle()
    asyncio.run(run(load()))
    return 0


def _migrate(_: argparse.Namespace) -> int:
    from service.kit import clock
    from service.setup.migrate import migrate

    settings, since = _owner(), clock.monotonic()

    def told(what: str) -> None:
        print(f"{clock.monotonic() - since:7.1f} s  {what}", file=sys.stderr, flush=True)

    migrate(settings.database_url, [settings.tenant_url, settings.province_url, settings.relay_url], told)
    added = record_rules(settings)
    print(f"schema is up to date; {added} rule book entries recorded", file=sys.stderr)
    return 0


def record_rules(settings: Settings) -> int:
    """Records the files' rule book; returns the number of new entries."""
    import asyncio

    from service.kit import clock
    from service.rulebook.loader import base_rulebook
    from service.rulebook.recording import record

    return asyncio.run(record(settings.database_url, base_rulebook(), clock.now()))


def _seed(options: argparse.Namespace) -> int:
    import asyncio

    from service.demo.servers import seeded

    settings = _owner()
    if options.demo and settings.production:
        raise SystemExit("tongjian seed: --demo makes people with known secrets and refuses to in production")
    asyncio.run(seeded(settings, demo=options.demo))
    return 0


def _bootstrap(options: argparse.Namespace) -> int:
    import asyncio
    import json

    from service.settings import load
    from service.setup import bootstrap, bootstrap_wish

    def someone(prefix: str) -> bootstrap_wish.Someone | None:
        login, name, jwk, office = (
            getattr(options, prefix + each) for each in ("login", "name", "public_jwk", "office")
        )
        if login is None and name is None and jwk is None:
            return None
        if login is None or name is None or jwk is None:
            raise bootstrap_wish.Refused("a person needs all three: login, name and public key")
        return bootstrap_wish.Someone(login, name, bootstrap_wish.read_jwk(jwk), office)

    try:
        wish = bootstrap_wish.Wish(options.tenant, someone(""), someone("security_"), options.client)
        made = asyncio.run(bootstrap.run(load(), wish))
    except bootstrap_wish.Refused as error:
        raise SystemExit(f"tongjian bootstrap: {error}") from None
    print(json.dumps(made, ensure_ascii=False, indent=1))
    return 0


def _owner() -> Settings:
    from service.settings import load

    settings = load()
    if not settings.database_url:
        raise SystemExit(
            "TONGJIAN_DATABASE_URL is missing: the schema's owner does this, not the service's logins"
        )
    return settings


def _route(options: argparse.Namespace) -> int:
    from service.rulebook.route_command import run

    return run(options.file, sys.stdin, sys.stdout)


def _openapi(options: argparse.Namespace) -> int:
    from service.docs import document as openapi

    routes = openapi.routes_of(tools.application())
    if not options.check:
        openapi.COMMITTED.write_bytes(openapi.render(openapi.build(routes)))
        return 0
    found = openapi.check(routes)
    for difference in found:
        print(difference)
    if found:
        print("openapi/openapi.json differs from the routes: run `make openapi`", file=sys.stderr)
    return 1 if found else 0


def _check(options: argparse.Namespace) -> int:
    from service.settings import load

    if options.what in _TRIALS:
        from service.cli.trials import trial

        return trial(options.what, options.file)
    if options.file:
        raise Misused(f"tongjian check {options.what}: takes no file")
    if options.what in _SOURCES:
        return _SOURCES[options.what]()
    return _CHECKS[options.what](load())


_CHECKS = {
    "audit": checks.audit,
    "deployment": checks.deployment,
    "keys": checks.keys,
    "rulebook": checks.rulebook,
}
_SOURCES = {"articles": tools.check_articles}  # these read the sources alone: no database, no settings
_TRIALS = ("search", "secrecy", "similarity")  # these take files and need no database
_WITH_TABLES = ("serve", "worker", "migrate", "seed", "bootstrap", "check")
_SERVED = ("serve", "worker", "migrate", "seed", "bootstrap")  # these need what the settings name
_COMMANDS = {
    "demo": _demo,
    "sandbox": _sandbox,
    "serve": _serve,
    "worker": _worker,
    "migrate": _migrate,
    "seed": _seed,
    "bootstrap": _bootstrap,
    "route": _route,
    "openapi": _openapi,
    "check": _check,
    "article": tools.article,
    "backup": tools.backup,
    "documents": tools.documents,
    "restore": tools.restore,
    "keys": tools.keys,
}
