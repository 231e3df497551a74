"""The suite runs on a database that is given (TONGJIAN_DATABASE_URL), as on a server of its own."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.syntax import nodes

ROOT = Path(__file__).resolve().parents[1]
# Who starts a PostgreSQL or makes a database on one: the suite itself, what is about such servers, what is measured.
OF_THEIR_OWN = {"conftest.py", "seeding.py", "given.py", "test_embedded.py", "bench/world.py"}


def _own_servers(found: list[ast.AST]) -> bool:
    return any(
        isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == "Servers")
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "create_database")
        )
        for node in found
    )


def test_databases_are_cloned_one_way() -> None:
    """`clone` knows of the given server; a test with a server of its own would be tried there on another."""
    assert _own_servers(list(ast.walk(ast.parse("url = servers.create_database('x')"))))
    found = {
        str(path.relative_to(ROOT / "tests"))
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if "drills" not in path.parts and _own_servers(list(nodes(path)))
    }
    assert found == OF_THEIR_OWN, "take the fixture `clone`"


@pytest.mark.long
def test_some_tests_on_a_given_database() -> None:
    """Set-up of two people without the owner's login, tampering, a case over HTTP: what failed there once."""
    some = ["tests/test_bootstrap.py", "tests/kit/test_jobs.py", "tests/projects/test_life.py"]
    assert all((ROOT / each).exists() for each in some)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.given", "-n", "0", "-p", "no:cacheprovider", *some],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-1000:]
    assert " passed" in ran.stdout and "skipped" not in ran.stdout
