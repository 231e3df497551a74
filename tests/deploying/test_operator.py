"""What an operator works with: the command beside the units, the nightly set, and `check deployment`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import namedtuple
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest
from rich.console import Console

from service.audit.check import _list
from service.audit.verify import Finding
from service.cli.arguments import parser
from service.kit import clock
from service.rulebook.loader import base_rulebook
from service.rulebook.recording import record
from service.settings import Settings
from service.setup.databases import Found, _schema
from service.setup.deployment import look, report
from tests.deploying.files import DEPLOY, UNITS, unit
from tests.worlds import on_database

_Disk = namedtuple("_Disk", "total used free")
COMMAND = (DEPLOY / "systemd" / "tongjian").read_text(encoding="utf-8")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The command with its paths here; the program it calls tells its arguments, `runuser` itself and the rest."""
    (tmp_path / "env").write_text(
        "# of all\nTONGJIAN_FONTS=/srv/fonts|FZXiaoBiaoSong|FangSong\nTONGJIAN_SSO_SECRETS=a.b=1#2 c.d=$3\n"
        "PATH=/nowhere\n"
    )
    (tmp_path / "owner.env").write_text("TONGJIAN_DATABASE_URL=postgresql://owner")  # no end of line
    (tmp_path / "backup.env").write_text("TONGJIAN_BACKUP_DIR=/srv/backup\n")
    for name in ("runuser", "program"):
        (tmp_path / name).write_text(
            f'#!/bin/sh\n[ {name} = program ] || {{ echo "as $2"; shift 3; exec "$@"; }}\necho "$@"; env\n'
        )
        (tmp_path / name).chmod(0o755)
    told = COMMAND.replace("/etc/tongjian/", f"{tmp_path}/").replace(
        "/opt/tongjian/.venv/bin/tongjian", f"{tmp_path}/program"
    )
    made = tmp_path / "tongjian"
    made.write_text(told.replace("runuser -u", f"{tmp_path}/runuser -u"))
    return made


@pytest.mark.parametrize(
    ("arguments", "user", "has"),
    [
        ("check audit", True, {"FONTS", "SSO_SECRETS"}),
        ("migrate", True, {"FONTS", "SSO_SECRETS", "DATABASE_URL"}),
        ("backup base --keep 7", True, {"BACKUP_DIR"}),
        ("keys rotate", False, {"FONTS", "SSO_SECRETS"}),
        ("restore declare", True, {"FONTS", "SSO_SECRETS"}),
        ("restore --backup /srv/x --data /d", False, {"FONTS", "SSO_SECRETS"}),
    ],
)
def test_the_command_has_the_settings_as_the_units_have_them(
    installed: Path, arguments: str, user: bool, has: set[str]
) -> None:
    """Values with blanks, | and # come whole, which a shell that reads the file as its own would tear or run."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TONGJIAN_")}
    done = subprocess.run(
        ["/bin/sh", installed, *arguments.split()], capture_output=True, text=True, check=True, env=plain
    )
    lines = done.stdout.splitlines()
    assert (lines[0] == "as tongjian") is user
    assert lines[user] == arguments
    given = dict(line.split("=", 1) for line in lines if line.startswith("TONGJIAN_"))
    assert given.keys() == {f"TONGJIAN_{name}" for name in has}
    assert (
        given.get("TONGJIAN_FONTS", "/srv/fonts|FZXiaoBiaoSong|FangSong")
        == "/srv/fonts|FZXiaoBiaoSong|FangSong"
    )
    assert given.get("TONGJIAN_SSO_SECRETS", "a.b=1#2 c.d=$3") == "a.b=1#2 c.d=$3"


def test_every_command_of_the_documents_is_one() -> None:
    """Blocks of shell in the operator's documents: each `tongjian …` of theirs is understood as it stands."""
    named = ("docs/operations.md", "deploy/README.md")
    texts = [(DEPLOY.parent / name).read_text(encoding="utf-8") for name in named]
    blocks = "\n".join(each for text in texts for each in re.findall(r"```console\n(.*?)```", text, re.S))
    said = re.findall(
        r"^(?:.*(?:&& |bin/))?tongjian ((?:[a-z]+ )*[a-z]+[^|&#\n]*)", blocks.replace("\\\n", " "), re.M
    )
    assert len(said) > 8
    for each in said:
        words = each.replace("DIR", "/tmp").split()
        parser(["audit", "rulebook", "deployment"]).parse_args(words)


def test_the_nightly_set_has_its_timer() -> None:
    (timer,) = (DEPLOY / "systemd").glob("*.timer")
    told = unit(timer)
    assert timer.with_suffix(".service") in UNITS
    assert told["Timer.Persistent"] == ["yes"] or told["Timer.Persistent"] == ["true"]
    assert "Install.WantedBy" not in unit(timer.with_suffix(".service"))


@pytest.fixture
async def well(seeded: Settings, clone: Callable[[str], str], tmp_path: Path) -> Settings:
    """A place with everything where the settings say: directories, and the rule book on record."""
    for name in ("documents", "anchors"):
        (tmp_path / name).mkdir()
    made = on_database(seeded, clone("deployment"))
    await record(made.database_url, base_rulebook(), clock.now())
    return replace(made, documents_dir=tmp_path / "documents", audit_anchor_dir=tmp_path / "anchors")


async def test_a_deployment_that_is_well_is_told_so(well: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a disk with room, which the tests' own need not have; a full one is something to look at."""
    room = 50
    monkeypatch.setattr(shutil, "disk_usage", lambda path: _Disk(100, 100 - room, room))
    found = {each.what: each for each in await look(well, {"TONGJIAN_PORT": "8000"})}
    for what in ("配置项", "PostgreSQL", "数据库结构", "规则库", "签名密钥", "附件目录", "锚点目录"):
        assert found[what].state == "正常", found[what]
    assert not [each for each in found.values() if each.state == "有误" and each.what != "Valkey"], found
    assert all(each.do for each in found.values() if each.state != "正常")
    shut = replace(well, webhook_networks=(), sso_networks=(ip_network("10.20.0.0/16"),))
    outward = [(each.state, each.seen) for each in await look(shut, {}) if each.what == "出站网络"]
    assert outward == [
        ("留意", "TONGJIAN_WEBHOOK_NETWORKS 未配置：回调一律不发出"),
        ("正常", "TONGJIAN_SSO_NETWORKS 允许 10.20.0.0/16"),
    ]
    room = 9
    full = [each for each in await look(well, {}) if each.what in ("附件目录", "锚点目录")]
    assert [(each.state, "只剩 9%" in each.seen) for each in full] == [("留意", True)] * 2


async def test_what_is_wrong_says_what_to_do(well: Settings, tmp_path: Path) -> None:
    """A server that is away, a name mistyped, a directory that is not there: each by itself, all in one look."""
    url = "postgresql://tj_tenant:secret-of-the-login@127.0.0.1:1/tongjian"
    ill = replace(
        well,
        tenant_url=url,
        audit_anchor_dir=tmp_path / "nowhere",
        backup_dir=tmp_path,
        valkey_url="redis://127.0.0.1:1",
        clamd=str(tmp_path / "clamd.ctl"),
    )
    told = Console(record=True, width=200, file=open(os.devnull, "w"))  # noqa: SIM115
    env = {"TONGJIAN_TRUSTED_PROXY": "10.0.0.1/32"}
    assert await report(ill, env, told) == 1
    found = [each for each in await look(ill, env) if each.state == "有误"]
    assert {each.what for each in found} == {"配置项", "PostgreSQL", "Valkey", "锚点目录", "病毒查杀", "备份"}
    assert all(each.do for each in found)
    text = told.export_text()
    assert "TONGJIAN_TRUSTED_PROXY" in text and "secret-of-the-login" not in text


def test_a_schema_that_is_older_than_the_program_is_found() -> None:
    assert _schema(set())[:3] == Found("数据库结构", "有误", "尚未建立")[:3]
    older = _schema({"tenants.id"})
    assert older.state == "有误" and "比程序旧" in older.seen and "migrate" in older.do


def test_a_finding_is_whole_in_a_narrow_terminal() -> None:
    ident = "6c918361-9504-4ca0-8c1d-0d9c1f2e3a4b"
    told = Console(record=True, width=80, file=open(os.devnull, "w"))  # noqa: SIM115
    told.print(_list([Finding("entry_unsealed", "360100", "审计记录未入链" * 6, entry_id=ident)]))
    assert "…" not in told.export_text(clear=False)
    assert ident in re.sub(r"[^0-9a-f-]", "", told.export_text())
