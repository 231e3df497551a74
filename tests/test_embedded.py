"""The embedded servers, really started and really killed, and the settings."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
import redis

from service.embedded.daemon import SHARED, User, free_port
from service.embedded.servers import Servers
from service.settings import DEMO_SECRET, Settings

OWNER = "postgresql://owner:top-secret@db:5432/tongjian?sslmode=require"
SECRET = "0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def root() -> Iterator[Path]:
    # Not tmp_path: to another user it is closed, and root's servers would settle in /var/lib.
    with tempfile.TemporaryDirectory(prefix="tj-", dir="/tmp", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o711)
        yield Path(made) / "data"


def run(url: str, *statements: str) -> object:
    """The first value of the last statement."""

    async def session() -> object:
        connection = await asyncpg.connect(url, timeout=120)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(session())


@pytest.mark.long
def test_data_addresses_and_passwords_survive_a_restart_and_kill_9_of_all(root: Path) -> None:
    servers = Servers(root, durable=False)
    with servers:
        urls = servers.create_database("kept"), servers.valkey_url
        run(urls[0], "CREATE TABLE t (x int)", "INSERT INTO t VALUES (42)", "SELECT 1")
        redis.Redis.from_url(urls[1]).set("k", "v")
    assert servers.postgres_pid == servers.valkey_pid == 0
    with servers:
        for pid in (servers.postgres_pid, servers.valkey_pid):
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
    with Servers(root, durable=False) as again:
        assert (again.create_database("kept"), again.valkey_url) == urls
        assert run(urls[0], "SELECT x FROM t") == 42
        assert redis.Redis.from_url(urls[1]).get("k") == b"v"


@pytest.mark.long
def test_valkey_killed_and_started_keeps_port_and_data(root: Path) -> None:
    with Servers(root, durable=False) as servers:
        url = servers.valkey_url
        redis.Redis.from_url(url).rpush("jobs", "a", "b")
        servers.kill_valkey()
        assert servers.valkey_pid == 0
        servers.start_valkey()
        assert servers.valkey_url == url
        assert redis.Redis.from_url(url).llen("jobs") == 2


@pytest.mark.long
def test_an_acknowledged_commit_survives_kill_9_of_postgres_even_without_fsync(root: Path) -> None:
    with Servers(root, durable=False) as servers:
        url = servers.create_database("d")
        run(url, "CREATE TABLE t (x int)", "INSERT INTO t VALUES (7)", "SELECT 1")
        servers.kill_postgres()
        servers.start_postgres()  # elsewhere, if somebody took its port meanwhile
        url = servers.database_url.rpartition("/")[0] + "/d"
        assert run(url, "SELECT x FROM t") == 7


@pytest.mark.long
@pytest.mark.parametrize("watcher_dies_too", [False, True])
def test_servers_of_a_killed_owner_are_stopped_or_taken_over(root: Path, watcher_dies_too: bool) -> None:
    code = (
        "import os, sys; from pathlib import Path; from service.embedded.servers import Servers\n"
        f"s = Servers(Path({str(root)!r}), durable=False); s.start()\n"
        f"if {watcher_dies_too}: os.kill(s._watcher.pid, 9)\n"
        "print(s.postgres_pid, s.valkey_pid, flush=True); os.kill(os.getpid(), 9)"
    )
    died = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr
    old = {int(pid) for pid in died.stdout.split()}
    with Servers(root, durable=False) as servers:
        assert run(servers.database_url, "SELECT 1") == 1
        assert redis.Redis.from_url(servers.valkey_url).ping()
        assert not old & {servers.postgres_pid, servers.valkey_pid}


@pytest.mark.long
def test_a_stale_pid_file_naming_a_stranger_harms_neither(root: Path) -> None:
    with Servers(root, durable=False):
        pass
    data = root / "postgres"
    stranger = User(data).popen(["/bin/sleep", "60"], {}, root / "stranger.log")
    try:
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n1\n1\n\n127.0.0.1\n1 2\nready\n")
        (root / "valkey" / "valkey.pid").write_text(f"{stranger.pid}\n")
        with Servers(root, durable=False) as servers:
            assert run(servers.database_url, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.long
def test_a_damaged_append_only_file_does_not_stop_the_start(root: Path) -> None:
    with Servers(root, durable=False) as servers:
        redis.Redis.from_url(servers.valkey_url).set("k", "v")
    (log,) = (root / "valkey" / "appendonlydir").glob("*.incr.aof")
    log.write_bytes(b"neither this\nnor that\n" + log.read_bytes())
    with Servers(root, durable=False) as servers:
        assert redis.Redis.from_url(servers.valkey_url).ping()
    assert list((root / "valkey").glob("appendonlydir.broken-*"))


@pytest.mark.long
def test_passwords_are_asked_for_and_kept_private(root: Path) -> None:
    with Servers(root, durable=False) as servers:
        password = servers.database_url.split(":")[2].split("@")[0]
        with pytest.raises(asyncpg.InvalidPasswordError):
            run(servers.database_url.replace(password, "wrong"), "SELECT 1")
        with pytest.raises(redis.AuthenticationError):
            redis.Redis.from_url(f"redis://{servers.valkey_url.partition('@')[2]}").ping()
        for name in ("servers.json", "valkey.conf", "postgres.log"):
            assert stat.S_IMODE((root / name).stat().st_mode) == 0o600
        for pid in (servers.postgres_pid, servers.valkey_pid):
            command = Path(f"/proc/{pid}/cmdline").read_text()
            assert str(root) in command
            assert password not in command
            assert os.getsid(pid) != os.getsid(0), "Ctrl-C must not reach the servers"


@pytest.mark.long
def test_databases_are_created_once_copied_and_dropped(root: Path) -> None:
    with Servers(root, durable=False) as servers:
        run(servers.create_database("a"), "CREATE TABLE t (x int)", "SELECT 1")
        assert run(servers.create_database("b", template="a"), "SELECT count(*) FROM t") == 0
        assert servers.create_database("a") == servers.create_database("a")
        servers.drop_database("b")
        servers.drop_database("b")
        with pytest.raises(ValueError, match="plain"):
            servers.create_database('x"; DROP DATABASE a; --')
        # pg_trgm sees no letters in Chinese under the C locale; search depends on this.
        run(servers.create_database("a"), "CREATE EXTENSION pg_trgm", "SELECT 1")
        assert run(servers.create_database("a"), "SELECT cardinality(show_trgm('城市大脑'))")
        servers.remove()
        assert not root.exists()


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser hands the servers to another user")
def test_superuser_in_a_closed_home_puts_the_data_where_the_servers_reach_it() -> None:
    home = Path(tempfile.mkdtemp(dir="/tmp"))  # 0700, as /root is
    try:
        with Servers(home / "var" / "demo", durable=False) as servers:
            assert run(servers.database_url, "SELECT 1") == 1
            (elsewhere,) = (p for p in SHARED.iterdir() if (p / "postgres").exists() and p == servers._home)
        servers.remove()
        assert not elsewhere.exists()
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
    finally:
        shutil.rmtree(home)


def test_a_port_that_is_taken_is_not_chosen() -> None:
    port = free_port(0)
    assert free_port(port) == port
    assert 20_000 <= port < 32_000


def test_development_fills_in_and_production_refuses() -> None:
    development = Settings.from_env({"TONGJIAN_ENVIRONMENT": "development"})
    assert development.secret_key == DEMO_SECRET
    assert development.problems() == []
    assert [str(n) for n in development.webhook_networks] == ["127.0.0.0/8", "::1/128"]
    assert Settings.from_env({}).environment == "production"
    for secret, reason in (
        ("", "missing"),
        ("short", "shorter"),
        (DEMO_SECRET, "demo's"),
        ("a" * 40, "repeats"),
    ):
        problems = Settings.from_env({"TONGJIAN_SECRET_KEY": secret}).problems()
        assert any("SECRET_KEY" in p and reason in p for p in problems), (secret, problems)


def test_a_complete_production_has_no_problems(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.touch()
    good = {
        "TONGJIAN_DATABASE_URL": OWNER,
        "TONGJIAN_VALKEY_URL": "valkey://v:6379/0",
        "TONGJIAN_SECRET_KEY": SECRET,
        "TONGJIAN_SIGNING_KEYS_FILE": str(keys),
        "TONGJIAN_ISSUER": "https://tongjian.example.gov.cn",
        "TONGJIAN_AUDIT_ANCHOR_DIR": str(tmp_path),
        "TONGJIAN_DOCUMENTS_DIR": str(tmp_path / "documents"),
    }
    assert Settings.from_env(good).problems() == []
    assert Settings.from_env(good).webhook_networks == ()
    assert Settings.from_env(good).valkey_url == "redis://v:6379/0"
    for change in (
        {"TONGJIAN_ISSUER": "http://tongjian.example.gov.cn"},
        {"TONGJIAN_SIGNING_KEYS_FILE": "/nowhere"},
        {"TONGJIAN_WEBHOOK_NETWORKS": "0.0.0.0/0"},
        {"TONGJIAN_TOKEN_TTL_S": "3601"},
        *({name: ""} for name in good if name != "TONGJIAN_ISSUER"),
    ):
        assert Settings.from_env({**good, **change}).problems(), change


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        (OWNER, "postgresql://tj_tenant:{}@db:5432/tongjian?sslmode=require"),
        ("postgres://o:p%40@[::1]:5433/t", "postgresql://tj_tenant:{}@[::1]:5433/t"),
        ("postgresql+asyncpg://o@h1:1,h2:2/t", "postgresql://tj_tenant:{}@h1:1,h2:2/t"),
        (
            "postgresql:///t?host=%2Frun%2Fpg&user=o&password=p",
            "postgresql://tj_tenant:{}@/t?host=%2Frun%2Fpg",
        ),
    ],
)
def test_logins_are_derived_from_the_owners_url(owner: str, expected: str) -> None:
    settings = Settings.from_env({"TONGJIAN_DATABASE_URL": owner, "TONGJIAN_SECRET_KEY": SECRET})
    assert settings.tenant_url == expected.format(settings.login_password("tj_tenant"))
    assert len({settings.login_password(n) for n in ("tj_tenant", "tj_province", "tj_relay")}) == 3
    given = Settings.from_env({"TONGJIAN_DATABASE_URL": owner, "TONGJIAN_RELAY_URL": OWNER})
    assert (given.relay_url, given.tenant_url) == (OWNER, "")


def test_secrets_stay_out_of_repr_and_of_error_texts() -> None:
    settings = Settings.from_env(
        {
            "TONGJIAN_DATABASE_URL": OWNER,
            "TONGJIAN_SECRET_KEY": SECRET,
            "TONGJIAN_VALKEY_URL": "redis://:pw-v@v/0",
        }
    )
    shown = repr(settings) + str(settings) + "".join(settings.problems())
    for secret in (SECRET, "top-secret", "pw-v", settings.login_password("tj_relay")):
        assert secret not in shown
    with pytest.raises(ValueError, match="DATABASE_URL.*percent-encode(.|\n)*PORT: a whole number") as caught:
        Settings.from_env({"TONGJIAN_DATABASE_URL": "postgres://o:top/secret@h/t", "TONGJIAN_PORT": "x"})
    assert "secret" not in str(caught.value)


def test_env_example_documents_every_setting() -> None:
    text = (Path(__file__).parents[1] / "deploy" / "env.example").read_text()
    documented = {line.split("=")[0] for line in text.splitlines() if line.startswith("TONGJIAN_")}
    assert documented == {f"TONGJIAN_{name.upper()}" for name in Settings.__dataclass_fields__}
