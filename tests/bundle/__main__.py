"""`python -m tests.bundle DIR [--machine x86_64 …] [--prove]`: the offline bundle.

    DIR/source/            the committed files, as `git archive` has them
        wheels/<machine>/  the service's requirements, each vouched for by the lock's sha256
        requirements.txt   what of requirements.lock the service needs
        install.sh         makes DIR/venv of it without any registry
        sbom.cdx.json      what is in it
        SHA256SUMS         of every file

`--prove`: copies it into an empty directory, where no registry can be reached (no index, no network where the machine
lets us leave it), installs it and plays the demo's cases once on the servers from its own wheels.
`--root DIR`: the same in the system of another machine, say one that debootstrap made for arm64 and an emulator runs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tests.bundle.locked import MACHINES, ROOT, runtime
from tests.bundle.sbom import bill

# Every tag that glibc 2.34 (openEuler 22.03, RHEL 9) and what is newer take: pip knows only what it is told, and a
# project may build for any of them (obstore: 2.17 on one machine, 2.24 on the other).
_TAGS = (*(f"manylinux_2_{minor}" for minor in range(34, 4, -1)), "manylinux2014", "linux")
_INSTALL = """#!/bin/sh
# Installs into ./venv with what lies here; no registry, no network. PYTHON: 3.11 or later, of the wheels' version.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here" && sha256sum --quiet -c SHA256SUMS
"${PYTHON:-python3}" -m venv venv
pip() { venv/bin/python -m pip "$@" --no-index --find-links "wheels/$(uname -m)" --disable-pip-version-check -q; }
pip install --require-hashes -r requirements.txt
pip install --no-deps --no-build-isolation -e source
venv/bin/tongjian --help > /dev/null
echo "installed: $here/venv/bin/tongjian (read source/deploy/README.md)"
"""


def _run(argv: list[str], **more: object) -> None:
    subprocess.run(argv, check=True, **more)  # type: ignore[call-overload]


def _download(machine: str, to: Path, requirements: Path) -> None:
    """Wheels of one machine, for the Python that runs this."""
    minor = f"{sys.version_info.major}{sys.version_info.minor}"
    argv = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
    ]
    argv += ["-r", str(requirements), "-d", str(to), "--only-binary", ":all:", "--implementation", "cp"]
    argv += ["--python-version", minor, "--abi", f"cp{minor}", "--abi", "abi3", "--abi", "none"]
    for tag in _TAGS:
        argv += ["--platform", f"{tag}_{machine}"]
    _run(argv)


def _source(to: Path) -> None:
    """What is committed, and nothing else."""
    archive = subprocess.run(
        ["git", "-C", str(ROOT), "archive", "HEAD"], check=True, stdout=subprocess.PIPE
    ).stdout
    with tempfile.TemporaryFile() as file:
        file.write(archive)
        file.seek(0)
        with tarfile.open(fileobj=file) as tar:
            tar.extractall(to, filter="data")


def _sums(directory: Path) -> None:
    files = sorted(each for each in directory.rglob("*") if each.is_file() and each.name != "SHA256SUMS")
    lines = [
        f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.relative_to(directory)}\n" for each in files
    ]
    (directory / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def build(directory: Path, machines: tuple[str, ...]) -> None:
    """Makes the bundle anew."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    pins = runtime()
    requirements = directory / "requirements.txt"
    requirements.write_text("\n".join(each.text for each in pins) + "\n", encoding="utf-8")
    for machine in machines:
        wheels = directory / "wheels" / machine
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as wanted:
            print("\n".join(each.anywhere for each in pins), file=wanted, flush=True)
            _download(machine, wheels, Path(wanted.name))
        size = sum(each.stat().st_size for each in wheels.iterdir())
        print(f"{machine}: {len(list(wheels.iterdir()))} wheels, {size / 2**20:.0f} MB", flush=True)
    _source(directory / "source")
    (directory / "sbom.cdx.json").write_text(
        json.dumps(bill("0.1.0"), ensure_ascii=False, indent=1), encoding="utf-8"
    )
    install = directory / "install.sh"
    install.write_text(_INSTALL, encoding="utf-8")
    install.chmod(0o755)
    _sums(directory)
    print(f"{directory}: {len(pins)} requirements, SHA256SUMS, SBOM")


def prove(directory: Path, other: Path | None = None) -> None:
    """Installs and plays the demo where there is nothing but the bundle, the system's Python and its libraries.

    `other`: the root of another machine's system (of debootstrap), which an emulator runs here.
    """
    with tempfile.TemporaryDirectory(
        prefix="tj-bundle-", dir="/tmp" if other is None else other / "tmp"
    ) as name:
        root = Path(name)
        root.chmod(0o755)
        place = root / "tongjian"
        shutil.copytree(directory, place)
        seen = Path("/", *root.parts[len(other.parts) :]) if other else root
        env = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(seen / "nobody"),
            "LANG": "C.UTF-8",
            "PYTHON": "python3" if other else _python(),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "TMPDIR": str(seen),
        }
        apart = _can_leave()
        loopback = "ip link set lo up && " if apart else ""
        inside = (
            ["chroot", str(other), "sh", "-c", f"cd {seen}/tongjian && {_PLAYED}"]
            if other
            else ["sh", "-c", _PLAYED]
        )
        argv = ["unshare", "--net", "sh", "-c", f'{loopback}exec "$@"', "sh", *inside] if apart else inside
        _run(argv, cwd=place, env=env)
        played = json.loads((place / "played.json").read_text(encoding="utf-8"))
        machine = (place / "machine").read_text(encoding="utf-8").strip()
        how = "without any network" if apart else "without an index"
        print(f"{machine}: installed and played {len(played)} cases {how}")
        assert len(played) >= 20, played


_PLAYED = (
    '{ uname -m; "$PYTHON" -V; } | tr "\\n" " " > machine && ./install.sh '
    "&& ./venv/bin/tongjian demo --once --json > played.json"
)


def _python() -> str:
    """The system's interpreter where it is of our version, which the wheels are for; else ours, of no environment."""
    minor = "import sys; print(sys.version_info[:2])"
    told = subprocess.run(["/usr/bin/python3", "-c", minor], capture_output=True, text=True, check=False)
    return (
        "/usr/bin/python3"
        if told.stdout.strip() == str(sys.version_info[:2])
        else os.path.realpath(sys.executable)
    )


def _can_leave() -> bool:
    """Whether we may have a network of our own (root, or user namespaces)."""
    tried = (
        subprocess.run(
            ["unshare", "--net", "ip", "link", "set", "lo", "up"], capture_output=True, check=False
        )
        if (shutil.which("unshare") and shutil.which("ip"))
        else None
    )
    return tried is not None and tried.returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bundle", description=__doc__)
    parser.add_argument("directory", nargs="?", type=Path, default=ROOT / "var" / "bundle")
    parser.add_argument("--machine", nargs="*", choices=MACHINES, default=list(MACHINES))
    parser.add_argument("--prove", action="store_true", help="install and start it in an empty place")
    parser.add_argument(
        "--root", type=Path, help="prove it there: a root of another machine's system, made before"
    )
    given = parser.parse_args()
    build(given.directory, tuple(given.machine))
    if given.prove or given.root:
        prove(given.directory, given.root)
    return 0


if __name__ == "__main__":
    print(f"on {platform.machine()}", file=sys.stderr)
    sys.exit(main())
