"""`tongjian check deployment`: what the settings name is tried from this machine; what is wrong says what to do.

Alarms tell of what breaks while it runs; this tells, once after an installation, an upgrade or a restore, of what never
was as it should be. It writes nothing, and nothing of what it prints is a secret.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from service.backup.age import ages
from service.backup.gaps import aside
from service.documents.storage import storage_of
from service.documents.viruses import Viruses
from service.kit import clock, keys
from service.kit.valkey import eviction
from service.rulebook.loader import base_rulebook
from service.rulebook.recording import problems
from service.settings import Settings
from service.setup.databases import Found, State, databases

GIVEN = ("TONGJIAN_SANDBOX_", "TONGJIAN_PROVINCE_DIR")  # read elsewhere than by the settings' own names
_ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - nothing is bound here


Look = Callable[[Settings], AsyncIterator[Found]]


async def look(settings: Settings, env: Mapping[str, str]) -> list[Found]:
    """Everything, in the order of an installation. What cannot be looked at is a finding, never the end of the look."""
    found = list(unknown(env))
    for what, of in _LOOKS:
        try:
            async with asyncio.timeout(30):
                found += [each async for each in of(settings)]
        except Exception as error:
            said = " ".join(str(error).split()) or "没有应答"
            found.append(Found(what, "有误", f"{type(error).__name__}: {said}", _WHEN_AWAY[what]))
    return found


async def report(settings: Settings, env: Mapping[str, str], console: Console | None = None) -> int:
    """Prints it as a table; 1 where something is wrong."""
    found = await look(settings, env)
    table = Table("项目", "结果", "所见", "怎么办", title="部署核对")
    for name in ("所见", "怎么办"):
        next(each for each in table.columns if each.header == name).overflow = "fold"
    for each in found:
        table.add_row(*each)
    out = console or Console()
    out.print(table)
    wrong = sum(each.state == "有误" for each in found)
    out.print(f"{wrong} 处有误" if wrong else "未发现问题")
    return 1 if wrong else 0


def unknown(env: Mapping[str, str]) -> Iterator[Found]:
    """Settings that nobody reads: a name mistyped is a setting left at its default, in silence."""
    read = {f"TONGJIAN_{name.upper()}" for name in Settings.__dataclass_fields__}
    strange = sorted(
        name
        for name in env
        if name.startswith("TONGJIAN_") and name not in read and not name.startswith(GIVEN)
    )
    if strange:
        yield Found(
            "配置项", "有误", "、".join(strange), "名称有误或已不再使用：对照 deploy/env.example 改正或删去"
        )
    else:
        yield Found("配置项", "正常", "名称均可识别")


async def _valkey(settings: Settings) -> AsyncIterator[Found]:
    policy = await eviction(settings.valkey_url)
    if policy == "noeviction":
        yield Found("Valkey", "正常", "有应答，maxmemory-policy noeviction")
    else:
        yield Found(
            "Valkey",
            "留意",
            f"maxmemory-policy {policy}",
            "改为 noeviction：内存不足时不得丢弃限流计数和门铃",
        )


async def _keys(settings: Settings) -> AsyncIterator[Found]:
    file = settings.signing_keys_file
    assert file is not None  # noqa: S101 - the settings refuse production without it
    await asyncio.to_thread(keys.load, file)
    if file.stat().st_mode & 0o077:
        yield Found(
            "签名密钥", "有误", f"{file} 可被其他用户读取", f"chmod 600 {file}，并轮换密钥（keys rotate）"
        )
    else:
        yield Found("签名密钥", "正常", f"{file}，只有服务用户可读")


async def _places(settings: Settings) -> AsyncIterator[Found]:
    if settings.documents_dir is not None:
        yield _directory("附件目录", settings.documents_dir)
    else:
        await asyncio.to_thread(lambda: next(iter(storage_of(settings).kept()), None))
        yield Found("附件存储", "正常", f"{settings.documents_url} 可读")
    if settings.audit_anchor_dir is not None:
        yield _directory("锚点目录", settings.audit_anchor_dir)


async def _scanner(settings: Settings) -> AsyncIterator[Found]:
    if settings.clamd:
        await Viruses(settings.clamd).found(b"tongjian")
        yield Found("病毒查杀", "正常", f"{settings.clamd} 有应答")


def _directory(what: str, path: Path) -> Found:
    if not path.is_dir():
        return Found(what, "有误", f"{path} 不存在", f"install -d -o tongjian -g tongjian -m 0700 {path}")
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        return Found(what, "有误", f"{path} 不能读写", f"chown tongjian: {path}")
    free = shutil.disk_usage(path)
    share = 100 * free.free // free.total
    if share < 10:
        return Found(what, "留意", f"{path}，磁盘只剩 {share}%", "扩容或清理：写满后不再收附件、不再写锚点")
    return Found(what, "正常", f"{path}，磁盘余 {share}%")


async def _rulebook(settings: Settings) -> AsyncIterator[Found]:
    found = await problems(settings.relay_url, base_rulebook())
    if found:
        yield Found(
            "规则库",
            "有误",
            f"{len(found)} 处与文件不符",
            "tongjian check rulebook 列出各处；未登记的由 migrate 登记",
        )
    else:
        yield Found("规则库", "正常", "登记与文件一致")


async def _proxy(settings: Settings) -> AsyncIterator[Found]:
    if settings.trusted_proxies:
        listed = "、".join(map(str, settings.trusted_proxies))
        yield Found("前置代理", "正常", f"信任 {listed}")
    else:
        do = "有代理时在 TONGJIAN_TRUSTED_PROXIES 写明其地址，否则所有人按代理一个地址限流、留痕"
        yield Found("前置代理", "留意", "未配置", do)


async def _outward(settings: Settings) -> AsyncIterator[Found]:
    for networks, name, what in (
        (settings.webhook_networks, "TONGJIAN_WEBHOOK_NETWORKS", "回调一律不发出"),
        (settings.sso_networks, "TONGJIAN_SSO_NETWORKS", "身份系统一律连不上"),
    ):
        if networks:
            yield Found("出站网络", "正常", f"{name} 允许 {'、'.join(map(str, networks))}")
        else:
            yield Found("出站网络", "留意", f"{name} 未配置：{what}", "写明对方所在的网络；不使用时不必理会")


async def _certificate(settings: Settings) -> AsyncIterator[Found]:
    where = urlsplit(settings.issuer)
    if where.scheme != "https":
        yield Found(
            "对外地址", "留意", f"{settings.issuer} 不是 https", "TONGJIAN_ISSUER 应为调用方所用的 https 地址"
        )
        return
    try:
        ends = await asyncio.to_thread(_valid_until, str(where.hostname), where.port or 443)
    except (OSError, ValueError) as error:
        do = "证书须由调用方信任、未到期、名称相符；本机解析不到对外名称时在别处核对"
        yield Found("对外地址", "留意", f"{settings.issuer}：{' '.join(str(error).split())}", do)
        return
    left = (ends - clock.now()).days
    state: State = "正常" if left >= 21 else "留意"
    yield Found("对外地址", state, f"{settings.issuer}，证书还有 {left} 天", "" if left >= 21 else "更换证书")


def _valid_until(host: str, port: int) -> datetime:
    trusting = ssl.create_default_context()
    with (
        socket.create_connection((host, port), 5) as plain,
        trusting.wrap_socket(plain, server_hostname=host) as made,
    ):
        told = made.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)


async def _processes(settings: Settings) -> AsyncIterator[Found]:
    for what, port, unit in (
        ("API", settings.port, "tongjian-serve"),
        ("后台进程", settings.worker_metrics_port, "tongjian-worker"),
    ):
        if not port:
            continue
        here = "127.0.0.1" if settings.host in _ANYWHERE else settings.host
        try:
            _, writer = await asyncio.wait_for(asyncio.open_connection(here, port), 5)
            writer.close()
            yield Found(what, "正常", f"{here}:{port} 有应答")
        except OSError:
            do = f"systemctl status {unit}（在别的机器上运行时不必理会）"
            yield Found(what, "留意", f"{here}:{port} 没有应答", do)


async def _backup(settings: Settings) -> AsyncIterator[Found]:
    if settings.backup_dir is None:
        do = "在备份机上看 followed 与 sets；本机可见时配置 TONGJIAN_BACKUP_DIR，由后台进程告警"
        yield Found("备份", "留意", "本机看不到备份目录", do)
        return
    of_set, of_log = await asyncio.to_thread(ages, settings.backup_dir, clock.now())
    if of_set is None or of_set > timedelta(days=8).total_seconds():
        seen = "没有完整的备份" if of_set is None else f"最近的完整备份在 {of_set / 86400:.0f} 天前"
        yield Found("备份", "有误", seen, "tongjian backup base；核对 tongjian-backup-base.timer")
    elif of_log is None or of_log > 1500:
        yield Found("备份", "有误", "日志流已中断", "systemctl restart tongjian-backup")
    else:
        if lost := aside(settings.backup_dir):
            do = "日志曾中断而重新开始：调大 max_slot_wal_keep_size；每夜一份存满后自动清除，见 docs/operations.md"
            yield Found("备份", "留意", f"断档以前的备份在 {lost[-1].name}", do)
        yield Found("备份", "正常", f"完整备份 {of_set / 3600:.0f} 小时前，日志 {of_log:.0f} 秒前")


_LOOKS: tuple[tuple[str, Look], ...] = (
    ("PostgreSQL", databases),
    ("规则库", _rulebook),
    ("Valkey", _valkey),
    ("签名密钥", _keys),
    ("附件和锚点", _places),
    ("病毒查杀", _scanner),
    ("前置代理", _proxy),
    ("出站网络", _outward),
    ("对外地址", _certificate),
    ("运行中的进程", _processes),
    ("备份", _backup),
)
_WHEN_AWAY = {
    "PostgreSQL": "systemctl status postgresql；核对各 TONGJIAN_…_URL 的地址与口令",
    "规则库": "先让 PostgreSQL 可用，再运行 migrate",
    "Valkey": "systemctl status redis-server；核对 TONGJIAN_VALKEY_URL 的地址与口令",
    "签名密钥": "TONGJIAN_SIGNING_KEYS_FILE 须是 tongjian keys generate 所造、服务用户可读的文件",
    "附件和锚点": "核对存储的地址、凭据与证书",
    "病毒查杀": "systemctl status clamav-daemon；核对 TONGJIAN_CLAMD，服务用户应能打开它；其间不收附件",
    "前置代理": "",
    "出站网络": "",
    "对外地址": "",
    "运行中的进程": "",
    "备份": "核对 TONGJIAN_BACKUP_DIR 的权限",
}
