"""What `tongjian check deployment` sees of PostgreSQL: the three logins, the server behind them, the schema."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from service.backup.taking import SLOT
from service.kit import clock
from service.kit.leader import connected
from service.settings import Settings
from service.settings.reminders import is_loopback
from service.setup.schema import metadata

State = Literal["正常", "留意", "有误"]
OLDEST = 15  # of PostgreSQL
_MIGRATE = "systemctl start tongjian-migrate（或 tongjian migrate）"

# Catalogues that every login may read. `owns`: a table of ours would let the login past row level security.
_SEEN = """
SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('server_version') AS words,
 current_setting('max_connections')::int AS connections, clock_timestamp() AS now, pg_is_in_recovery() AS follows,
 (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)
  OR EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user) AS owns,
 (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS sealed
"""
_SLOT = "SELECT active FROM pg_replication_slots WHERE slot_name = $1"
_COLUMNS = """
SELECT c.relname || '.' || a.attname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('i', 'I')
"""


class Found(NamedTuple):
    """One thing looked at: what it is, how it stands, what was seen, and what to do where that is not well."""

    what: str
    state: State
    seen: str
    do: str = ""


async def databases(settings: Settings) -> AsyncIterator[Found]:
    """Each login in turn, then once what they share. OSError, asyncpg's errors: one cannot come in."""
    for url in (settings.tenant_url, settings.province_url, settings.relay_url):
        connection = await connected(url)
        try:
            row = await connection.fetchrow(_SEEN)
            login = str(urlsplit(url).username)
            if row["owns"]:
                do = "改用 migrate 所建的三个登录；属主或超级用户不受行级安全约束"
                yield Found("PostgreSQL", "有误", f"{login} 拥有表或可越过行级安全", do)
            if url == settings.relay_url:
                for each in _server(settings, url, row):
                    yield each
                slot = await connection.fetchval(_SLOT, SLOT)
                if slot is False:
                    do = "systemctl start tongjian-backup；不再备份时删除复制槽，否则日志堆满磁盘"
                    yield Found("PostgreSQL", "有误", f"复制槽 {SLOT} 无人接收", do)
                yield _schema({each["name"] for each in await connection.fetch(_COLUMNS)})
        finally:
            await connection.close()


def _server(settings: Settings, url: str, row: Any) -> Iterator[Found]:
    what = "PostgreSQL"
    if row["version"] < OLDEST:
        yield Found(what, "有误", f"版本 {row['words']}", f"升级到 {OLDEST} 或更新")
    elif row["follows"]:
        yield Found(what, "有误", "连到的是只读的备用节点", "地址指向主节点，或把各节点都写进地址")
    else:
        yield Found(what, "正常", f"三个登录均可进入，版本 {row['words']}")
    if not row["sealed"] and not is_loopback(url):
        yield Found(what, "留意", "连接未加密", "地址加 sslmode=verify-full&sslrootcert=…，服务器启用 ssl")
    apart = abs((row["now"] - clock.now()).total_seconds())
    if apart > 5 and not settings.clock_file:
        yield Found("时钟", "有误", f"与数据库服务器相差 {apart:.0f} 秒", "各机启用 chrony 等对时")
    else:
        yield Found("时钟", "正常", f"与数据库服务器相差 {apart:.1f} 秒")
    # Of one API of so many processes with three logins each, and one worker with two.
    wanted = settings.pool_max * (3 * settings.workers + 2)
    if wanted > row["connections"] - 5:
        seen = f"max_connections {row['connections']}，一个 API 和一个后台进程最多要 {wanted}"
        yield Found("连接数", "留意", seen, "调大 max_connections，或调小 TONGJIAN_POOL_MAX")


def _schema(there: set[str]) -> Found:
    """Against the program's own tables, columns and indexes; what is there besides belongs to a newer version."""
    ours = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns}
    ours |= {str(index.name) for table in metadata.tables.values() for index in table.indexes}
    missing = sorted(ours - there)
    if not missing:
        return Found("数据库结构", "正常", "与程序相符")
    if not any("." in name for name in there):
        return Found("数据库结构", "有误", "尚未建立", _MIGRATE)
    return Found("数据库结构", "有误", f"比程序旧，缺 {len(missing)} 项，如 {missing[0]}", _MIGRATE)
