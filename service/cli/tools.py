"""Commands that work on files and sources: keys, backup, restore, documents, articles."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from service.cli.arguments import Misused

if TYPE_CHECKING:
    from service.articles.survey import Survey


def keys(options: argparse.Namespace) -> int:
    """Makes or rotates the keys that sign access tokens, prints the new one's id; or seals secrets anew."""
    import os

    from service.kit import clock, keys
    from service.settings import Settings

    if options.action == "reseal":
        return _reseal()
    file = options.file or Settings.from_env(os.environ).signing_keys_file
    if file is None:
        raise Misused("tongjian keys: name the file with --file or TONGJIAN_SIGNING_KEYS_FILE")
    try:
        if options.action == "generate":
            kid = keys.generate(file, clock.timestamp())
        else:
            kid = keys.rotate(file, clock.timestamp(), options.drop_after)
    except ValueError as error:  # not a key file
        raise SystemExit(f"tongjian keys: {error}") from None
    print(kid)
    return 0


def _reseal() -> int:
    """Prints what was done of each tenant; 1 where a secret is left that no key opens."""
    import asyncio

    import service.setup.schema  # noqa: F401 - every process that opens a database knows every table
    from service.app import door_of
    from service.settings import load
    from service.webhooks.resealing import Resealed, reseal
    from service.webhooks.vault import Vault

    async def opened() -> list[Resealed]:
        settings = load()
        door = door_of(settings)
        await door.open()
        try:
            return await reseal(door, Vault.of(settings))
        finally:
            await door.close()

    found = asyncio.run(opened())
    for each in found:
        if each.done or each.current or each.lost:
            print(
                f"{each.tenant}: {each.done} sealed anew, {each.current} as they are, {each.lost} opened by no key"
            )
    print(f"{sum(each.done for each in found)} endpoints sealed anew")
    return 1 if any(each.lost for each in found) else 0


def backup(options: argparse.Namespace) -> int:
    """A new set, whose name is printed; or stream and mirror until a signal. `--keep`: what went is told beside it."""
    import sys

    from service.backup.following import follow
    from service.backup.keeping import keep
    from service.backup.taking import base
    from service.settings import load

    if options.keep == 1:
        raise Misused(
            "tongjian backup base: --keep from 2 on, since `follow` may still write to the one before"
        )
    settings = load()
    if options.action == "follow":
        if options.keep:
            raise Misused("tongjian backup follow: --keep belongs to base")
        ended = follow(settings)
        if ended.forked:
            print(
                f"log_forked: the leader of now never had {', '.join(ended.forked)}: put aside (.forked); the next "
                "start goes on where the logs part",
                file=sys.stderr,
            )
        if lost := ended.gap:
            print(
                f"log_gap: PostgreSQL no longer keeps what comes after {lost.newest or 'the first set'}; "
                f"sets and log of before are in {lost.aside}, the next start begins anew",
                file=sys.stderr,
            )
        return 1
    made = base(settings)
    print(made.name)
    if options.keep:
        gone, segments = keep(made.parent.parent, options.keep)
        print(f"removed: {', '.join(gone) or 'no set'}; {segments} segments of the log", file=sys.stderr)
    return 0


def documents(options: argparse.Namespace) -> int:
    """Brings what the store lacks of a directory's files into it, or shows all it has to the scanner again."""
    from service.documents.loading import load as bring
    from service.documents.storage import storage_of
    from service.settings import load

    if options.action == "scan":
        return _scan()
    if options.directory is None:
        raise Misused("tongjian documents load: name a directory")
    brought, had = bring(options.directory, storage_of(load()))
    print(f"{brought} brought, {had} were there")
    return 0


def _scan() -> int:
    """Prints the attachments in which a signature is found by now; 1 where there are some."""
    import asyncio

    from service.documents.loading import infected
    from service.documents.storage import storage_of
    from service.documents.viruses import Viruses
    from service.settings import load

    settings = load()
    if not settings.clamd:
        raise SystemExit("tongjian documents scan: TONGJIAN_CLAMD is not set")

    async def scanned() -> tuple[int, int]:
        looked = found = 0
        async for tenant, key, signature in infected(storage_of(settings), Viruses(settings.clamd)):
            looked += 1
            if signature is not None:
                found += 1
                print(f"{tenant}-{key} {signature}")
        return looked, found

    looked, found = asyncio.run(scanned())
    print(f"{looked} scanned, {found} found")
    return 1 if found else 0


def restore(options: argparse.Namespace) -> int:
    """Lays a set out and prints its name, or declares what a restore lost."""
    import os

    from service.backup.restoring import Target, restore
    from service.cli.arguments import RESTORED
    from service.settings import Settings

    if options.action == "declare":
        return _declare(options.margin)
    root = options.backup or Settings.from_env(os.environ).backup_dir
    if root is None:
        raise Misused("tongjian restore: name the directory with --backup or TONGJIAN_BACKUP_DIR")
    missing = [f"--{part}" for part, _ in RESTORED if getattr(options, part) is None]
    if missing:
        raise Misused(f"tongjian restore: missing {', '.join(missing)}")
    target = Target(options.data, options.documents, options.anchors, options.keys)
    print(restore(root, options.set, target, options.until).name)
    return 0


def _declare(margin: int) -> int:
    """A table of what each tenant lost and from where its numbers go on."""
    import asyncio

    from rich.console import Console
    from rich.table import Table

    from service.app import door_of
    from service.backup.declaring import Gap, NotDeclared, declare
    from service.settings import load

    settings = load()

    async def run() -> list[Gap]:
        door = door_of(settings)
        await door.open()
        try:
            return await declare(door, settings, margin)
        finally:
            await door.close()

    try:
        gaps = asyncio.run(run())
    except NotDeclared as error:
        raise SystemExit(f"tongjian restore declare: {error}") from None
    table = Table("地区", "审计链止于", "已锚定而丢失", "编号接续", title="恢复声明")
    for gap in gaps:
        moved = "\n".join(f"{name} {old} → {new}" for name, (old, new) in gap.moved.items())
        table.add_row(gap.tenant, str(gap.seq), str(gap.lost), moved)
    Console().print(table)
    return 0


def check_articles() -> int:
    """The table of all articles; 1 when something is missing."""
    from service.articles import shown

    found = _survey()
    shown.overview(found)
    return 1 if found.faults else 0


def article(options: argparse.Namespace) -> int:
    """What carries one article, or each: names with file and line. 1 when something is missing."""
    from service.articles import shown
    from service.articles.survey import ARTICLES

    wanted = list(ARTICLES) if options.all else [options.number]
    if not set(wanted) <= set(ARTICLES):
        raise Misused(f"tongjian article: a number from {ARTICLES[0]} to {ARTICLES[-1]}, or --all")
    found = _survey()
    for number in wanted:
        shown.page(number, found.articles[number])
    return 1 if any(found.articles[number].missing for number in wanted) else 0


def application() -> object:
    """The application as it would be served, never started: the document needs its routes only."""
    import tempfile

    from service.app import create_app
    from service.kit import clock, keys
    from service.settings import Settings

    with tempfile.TemporaryDirectory() as directory:
        signing = Path(directory) / "keys.json"
        keys.generate(signing, clock.timestamp())
        env = {"TONGJIAN_ENVIRONMENT": "development", "TONGJIAN_SIGNING_KEYS_FILE": str(signing)}
        return create_app(Settings.from_env(env)).app


def _survey() -> Survey:
    from service.articles.survey import survey
    from service.docs import document as openapi
    from service.kit.authz import Policy

    return survey(openapi.routes_of(application()), Policy().lines)
