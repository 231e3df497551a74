"""The documents tell the truth: the diagram is the lifecycle table's, links lead to files, README stays short, every
decision has its page. `python -m tests.test_readme` writes diagram and index anew."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from service.cli.commands import main
from service.console.api import ROUTES
from service.measures.lifecycle import mermaid

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
LIFECYCLE = ROOT / "docs" / "lifecycle.md"
DECISIONS = ROOT / "docs" / "decisions"
INDEX = DECISIONS / "README.md"
BLOCK = re.compile(r"(<!-- lifecycle:begin -->\n).*?(<!-- lifecycle:end -->)", re.DOTALL)
LIST = re.compile(r"(<!-- index:begin -->\n).*?(<!-- index:end -->)", re.DOTALL)
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *(each for part in ("docs", "deploy", "openapi") for each in sorted((ROOT / part).rglob("*.md"))),
    *(each for part in ("service", "tests") for each in sorted((ROOT / part).rglob("README.md"))),
]
PAGES = sorted(DECISIONS.glob("[0-9]*.md"))
# A place in our own tree, as documents and comments name it.
PLACE = re.compile(r"`((?:service|tests|policies|deploy|migrations|docs)/[\w./-]*\w)/?`")
# What only its writers could open, or what says nothing to a stranger.
CLOSED = re.compile(
    r"(?<![\w-])(?:scale|speed|trust|house|strength|measures|deeds|console|findings/\w+)\.md\b|\b[Ii]ssue #?\d"
    r"|(?<!law\.md, )\b[Tt]raps? \d"
)


def generated() -> str:
    return f"```mermaid\n{mermaid()}```\n"


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def title(page: Path) -> str:
    """`0084 Cases are proved …` of a decision's page."""
    return page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def index() -> str:
    return "".join(f"- [{title(page)}]({page.name})\n" for page in PAGES)


def anchors(document: Path) -> set[str]:
    """Names of a document's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_diagram_is_the_tables() -> None:
    found = BLOCK.search(LIFECYCLE.read_text(encoding="utf-8"))
    assert found is not None
    assert found[0] == f"{found[1]}{generated()}{found[2]}"


def test_readme_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 120


def lost(document: Path) -> list[str]:
    """Links of a document that lead to no file, or to no heading of it."""
    found = []
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
        place, _, anchor = target.partition("#")
        file = document.parent / place if place else document
        if "://" not in target and (not file.exists() or (anchor and anchor not in anchors(file))):
            found.append(target)
    return found


def test_links_lead_somewhere() -> None:
    assert {name(each): lost(each) for each in DOCUMENTS if lost(each)} == {}


def test_places_named_are_there() -> None:
    """Decisions and the changelog tell of their day; all other documents of today."""
    gone = {}
    for document in DOCUMENTS:
        if document.parent != DECISIONS and document.name != "CHANGELOG.md":
            text = document.read_text(encoding="utf-8")
            made = set(re.findall(r"`([^`]+)`, a new file:", text))  # of an exercise, which a test does
            told = [place for place in PLACE.findall(text) if place not in made]
            gone |= {(name(document), place): 0 for place in told if not (ROOT / place).exists()}
    assert not gone


def _named(pattern: str) -> set[str]:
    """What documents of today name, as a pattern finds it."""
    today = [each for each in DOCUMENTS if each.parent != DECISIONS and each.name != "CHANGELOG.md"]
    return {
        found
        for each in today
        for found in re.findall(pattern, each.read_text(encoding="utf-8"), re.MULTILINE)
    }


def test_targets_modules_and_settings_named_are_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = _named(r"(?:^|`|&& )make ([a-z-]+)")
    assert len(named) > 6 and named <= targets, named - targets
    modules = _named(r"python -m ([\w.]+\w)")
    assert len(modules) > 1 and all(find_spec(each) for each in modules), modules
    settings = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
    told = settings + "".join(file.read_text("utf-8") for file in (ROOT / "tests").rglob("*.py"))
    unknown = {
        each for each in _named(r"`(TONGJIAN_[A-Z_]+)`") if f"{each}=" not in told and f'"{each}"' not in told
    }
    assert not unknown


def test_operations_pages_and_decisions_named_are_there() -> None:
    """`GET /projects/{ref}/…`, `/console/…` and (0084), wherever a document names one."""
    told = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    paths = {_bare(path.removeprefix("/api/v1")) for path in told}
    named = _named(r"`(?:GET|POST|PUT|PATCH|DELETE) (/[a-z][\w/{}.-]*)")
    # What is beside the interface, another's, or in a sandbox's own document.
    named -= {"/livez", "/readyz", "/metrics", "/v1/traces", "/sandbox", "/sandbox/clock", "/sandbox/play"}
    lost = {
        each
        for each in named
        if not any(path.endswith(_bare(each.removeprefix("/api/v1"))) for path in paths)
    }
    assert len(named) > 40 and lost == set()
    pages = {re.sub(r"\{[^}]*\}", "[^/]+", path) for route in ROUTES for path in route.paths}
    opened = {re.sub(r"<[^>]*>", "x", each) for each in _named(r"`(/console/[\w/<>-]*\w>?)`")}
    assert opened and {each for each in opened if not any(re.fullmatch(one, each) for one in pages)} == set()
    numbers = {page.stem[:4] for page in PAGES}
    cited = _named(r"\((?:decision )?(0\d{3})[,)]") - {"0600", "0640", "0750"}  # modes of files
    assert cited <= numbers, cited - numbers


def _bare(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def test_commands_named_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    """`tongjian check audit` and the like: each tells its help."""
    named = _named(r"(?:^|`|&& |bin/)tongjian ((?!check)[a-z]+|check [a-z]+)") | {
        f"check {each}" for each in _named(r"`check ([a-z]+)`")
    }
    assert len(named) > 8
    for each in sorted(named):
        with pytest.raises(SystemExit) as ended:
            main([*each.split(), "--help"])
        assert ended.value.code == 0, f"tongjian {each}: {capsys.readouterr().err}"


def test_a_decision_is_one_page() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert re.fullmatch(rf"0*{int(page.stem[:4])}\.? \S.*", title(page)), page.name
        assert len(text.splitlines()) <= 40, page.name
        parts = set(re.findall(r"^(?:.* )?(?:\*\*)?(Context|Decision|Status)\b", text, re.MULTILINE))
        assert len(parts) == 3, f"{page.name}: {parts}"


def test_numbers_are_given_once_and_the_index_tells_the_titles() -> None:
    numbers = [page.stem[:4] for page in PAGES]
    assert len(set(numbers)) == len(numbers)
    listed = LIST.search(INDEX.read_text(encoding="utf-8"))
    assert listed is not None
    assert listed[0] == f"{listed[1]}{index()}{listed[2]}", "python -m tests.test_readme"


def test_comments_cite_what_a_stranger_can_open() -> None:
    """Applied migrations are never edited: docs/decisions/0165 says what theirs mean."""
    cited = {}
    for folder, kinds in {
        "service": ("py",),
        "tests": ("py",),
        "policies": ("yaml", "csv", "toml"),
        "deploy": ("example", "cfg", "conf"),
        "docs": ("md",),
    }.items():
        for file in (each for kind in kinds for each in (ROOT / folder).rglob(f"*.{kind}")):
            if file != Path(__file__) and file.name != "0165-one-schema-for-one-or-many.md":
                found = CLOSED.findall(file.read_text(encoding="utf-8"))
                cited |= {name(file): found} if found else {}
    assert cited == {}


def _rewrite(file: Path, block: re.Pattern[str], text: str) -> None:
    file.write_text(block.sub(lambda m: m[1] + text + m[2], file.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    _rewrite(LIFECYCLE, BLOCK, generated())
    _rewrite(INDEX, LIST, index())
