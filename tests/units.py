"""What one worker of pytest-xdist is given at once, in which order, and what it reads before.

`--dist loadscope` hands out packages of tests: a package's world is made once in a run and not in every worker, and its
files meet in the same order in every run, whatever the machine does beside it. `--dist loadfile` hands out files.
"""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# While the first worker makes the seeded database, the second has the pure rules to try and the third the table of
# permissions. Then come the packages that take longest, so that no worker goes home long before the last.
PACKAGES = (
    "reviews",
    "measures",
    "policies",
    "portfolio",
    "acceptance",
    "stories",
    "obligations",
    "contract",
    "console",
    "delivery",
    "projects",
    "kit",
    "catalogue",
    "tasks",
    "monitoring",
    "library",
    "audit",
    "webhooks",
    "identity",
    "rulebook",
    "documents",
    "suspicions",
    "upkeep",
    "deploying",
)
# The same for files, where these are handed out: minutes with few tests first, after them the largest.
FILES = (
    "tests/stories/",
    "tests/spills/",
    "tests/demo/",
    "tests/test_readme.py",
    "tests/notifications/test_crash.py",
    "tests/powers/test_readme_setup.py",
    "tests/powers/test_upgrade.py",
    "tests/upkeep/",
    "tests/server/",
    "tests/webhooks/test_hanging.py",
    "tests/limits/test_instances.py",
    "tests/test_bootstrap.py",
    "tests/test_embedded.py",
    "tests/contract/test_schemathesis.py",
    "tests/contract/test_tenants.py",
    "tests/contract/test_budget.py",
    "tests/rulebook/",
)
Rank = tuple[int, int, str]


def file_of(nodeid: str) -> str:
    return nodeid.partition("::")[0]


def package_of(nodeid: str) -> str:
    """The package below tests/, or the module that stands there itself."""
    parts = PurePosixPath(file_of(nodeid)).parts
    return parts[1] if len(parts) > 1 else parts[0]


def in_packages(nodeid: str) -> Rank:
    package = package_of(nodeid)
    return PACKAGES.index(package) if package in PACKAGES else len(PACKAGES), 0, package


def in_files(items: list[pytest.Item]) -> dict[str, Rank]:
    count = Counter(file_of(item.nodeid) for item in items)
    first = {
        file: next((n for n, name in enumerate(FILES) if file.startswith(name)), len(FILES)) for file in count
    }
    return {file: (first[file], -count[file], file) for file in count}


class ByPackage(LoadScopeScheduling):
    """Hands out packages in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return package_of(nodeid)


class Hands:
    """Hooks, registered in the process that hands out as well as in those that are given."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
        return ByPackage(config, log) if config.getvalue("dist") == "loadscope" else None

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["dist"] = node.config.getvalue("dist")
        node.workerinput["all"] = node.config.args_source is pytest.Config.ArgsSource.TESTPATHS

    def pytest_collection(self, session: pytest.Session) -> None:
        """Reads a share of the modules first: what pytest makes of an assertion is kept for the other workers.

        In a fresh clone all would otherwise do all of it at the same time.
        """
        given = getattr(session.config, "workerinput", None)
        if given is None or not given["all"]:  # a few files are not worth reading all
            return
        files = sorted(Path(__file__).parent.rglob("test_*.py"))
        for file in files[int(given["workerid"].removeprefix("gw")) :: given["workercount"]]:
            relative = file.relative_to(Path(__file__).parents[1]).with_suffix("")
            importlib.import_module(".".join(relative.parts))

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """The order of what is handed out (--no-loadscope-reorder); alone, files come as they are named."""
        given = getattr(config, "workerinput", None)
        if given is None:
            return
        if given["dist"] == "loadscope":
            items.sort(key=lambda item: in_packages(item.nodeid))
        else:
            ranks = in_files(items)
            items.sort(key=lambda item: ranks[file_of(item.nodeid)])
