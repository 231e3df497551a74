"""One source of labels: no second dictionary stands anywhere, and every code that can reach the wire has a label."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest

import service
from service.docs.document import COMMITTED
from service.kit.authz import Policy
from service.kit.roles import load_roles
from service.measures import adoption, duties, lifecycle_states, offices, organs, routing
from service.measures.citations import article_label
from service.measures.findings import Severity
from service.measures.lifecycle import Refusal
from service.measures.rule_entries import Entry
from service.measures.side_acts import SIDE_ACTS
from service.rulebook.explained import articles
from service.rulebook.loader import base_rulebook
from service.vocabulary import VOCABULARIES, label, names
from service.vocabulary.entry import table
from tests.syntax import nodes, walked

SERVICE = Path(service.__file__).parent
ROOT = SERVICE.parent
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_CODE = re.compile(r"[\w./]+", re.ASCII)
_SENTENCE = re.compile(r"[，。；：]")
# Not labels of codes: a made-up world, the grammar of a decoder's messages, the subject of an event.
_OTHER = ("sandbox/cases.py", "demo/directory.py", "kit/wanted.py")
_SUBJECT = {"id", "name", "owner_name"}


def _dictionaries(all_of_it: list[ast.AST]) -> Iterator[ast.Dict]:
    """Dictionaries from codes to short Chinese, most of them no sentence."""
    for node in all_of_it:
        if not isinstance(node, ast.Dict) or len(node.keys) < 2:
            continue
        keys = [
            key.value if isinstance(key, ast.Constant) else key.attr
            for key in node.keys
            if isinstance(key, ast.Attribute | ast.Constant)
        ]
        said = [
            each.value
            for each in node.values
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and _CHINESE.search(each.value)
        ]
        short = [text for text in said if not _SENTENCE.search(text)]
        codes = [key for key in keys if isinstance(key, str) and _CODE.fullmatch(key)]
        if (
            len(codes) > 1
            and len(short) > 1
            and len(short) * 2 > len(node.keys)
            and not set(codes) <= _SUBJECT
        ):
            yield node


def test_no_second_dictionary_of_labels_stands_anywhere() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted(SERVICE.rglob("*.py"))
        if not str(path).endswith(_OTHER)
        for node in _dictionaries(nodes(path))
    ]
    assert not found, f"labels stand in service/vocabulary only: {found}"
    assert not list((ROOT / "policies" / "access").glob("labels*"))


def test_a_second_dictionary_would_be_found() -> None:
    tree = ast.parse(
        'NAMES = {"draft": "草稿", "filed": "已备案"}\nOTHER = {State.DRAFT: "草稿", State.FILED: "已备案"}'
    )
    assert len(list(_dictionaries(walked(tree)))) == 2
    steps = ast.parse('steps = {"unit": "请修改后重新申报。", "office": "请组织论证评估。"}')
    assert not list(_dictionaries(walked(steps)))


ENUMS: list[tuple[str, type[StrEnum]]] = [
    ("state", lifecycle_states.State), ("action", lifecycle_states.Action), ("holder", lifecycle_states.Holder),
    ("route", routing.Route), ("tier", offices.Tier), ("office_kind", offices.OfficeKind), ("slot", organs.Slot),
    ("severity", Severity), ("blocked_by", Refusal), ("halt", duties.Halt), ("duty_state", duties.Status),
    ("app_status", adoption.AppStatus), ("adoption_state", adoption.Adoption), ("adoption_action", adoption.Verb),
    ("adoption_holder", adoption.Desk), ("reach", adoption.Reach),
]  # fmt: skip


@pytest.mark.parametrize(
    ("vocabulary", "codes"), ENUMS, ids=lambda each: each if isinstance(each, str) else ""
)
def test_every_code_of_the_law_has_a_label(vocabulary: str, codes: type[StrEnum]) -> None:
    assert {code.value for code in codes} <= names(vocabulary).keys()


def test_what_is_beside_the_enums_has_one_too() -> None:
    assert {act.name for act in SIDE_ACTS} <= names("action").keys()
    policy = Policy()
    assert {f"{line.obj}/{line.act}" for line in policy.lines} <= names("permission").keys()
    roles = load_roles()
    assert {role for _, role in roles.names} == names("role").keys()
    assert {f"{tier}.{role}" for tier, role in roles.names} == names("tier_role").keys()
    book = base_rulebook()
    figures = [row for row in book.effective_on(date(2026, 7, 1)) if isinstance(row, Entry)]
    assert {row.key for row in figures} == names("figure").keys()
    assert {level for row in figures for level in row.scale} == names("figure_level").keys()


def _literals(*called: str) -> Iterator[tuple[str, str]]:
    """(file, code) of every literal code given to a constructor of problems or findings."""
    for path in SERVICE.rglob("*.py"):
        for node in nodes(path):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in called:
                at = {"ServiceError": 1, "Error": 1, "FieldError": 1, "fault": 1, "Missing": 1}.get(name, 0)
                given = node.args[at] if len(node.args) > at else None
                if (
                    isinstance(given, ast.Constant)
                    and isinstance(given.value, str)
                    and _CODE.fullmatch(given.value)
                ):
                    yield path.name, given.value


@pytest.mark.parametrize(
    ("vocabulary", "called"),
    [
        ("error", ("ServiceError", "Error")),
        ("fault", ("FieldError", "FundingRefused", "OverlayRefused")),
    ],
)
def test_every_problem_and_fault_has_a_label(vocabulary: str, called: tuple[str, ...]) -> None:
    missing = sorted({each for each in _literals(*called) if each[1] not in names(vocabulary)})
    assert not missing


def test_every_finding_has_a_label() -> None:
    known = {*names("finding"), *names("audit_finding")}
    assert not sorted({each for each in _literals("Finding") if each[1] not in known})


def test_lines_that_say_nothing_are_refused() -> None:
    for text in (
        "draft | 草稿",
        "draft | 草稿 | Draft | blue",
        "draft | 草稿 | Draft | | 46",
        "a | 甲 | A\na | 乙 | B",
    ):
        with pytest.raises(ValueError, match="x"):
            table("x", "某", "Some", text)
    assert label("state", "of_a_newer_version") == "of_a_newer_version"
    assert label("route", None) == ""


def test_every_label_is_chinese_and_english() -> None:
    for vocabulary in VOCABULARIES.values():
        for entry in vocabulary.entries:
            assert _CHINESE.search(entry.zh) or vocabulary.name == "error", (vocabulary.name, entry)
            assert not _CHINESE.search(entry.en), (vocabulary.name, entry)


def test_the_document_labels_every_enumeration_and_leaves_no_state_bare() -> None:
    text = COMMITTED.read_text(encoding="utf-8")
    document = json.loads(text)
    schemas = document["components"]["schemas"]
    bare = []
    for name, schema in schemas.items():
        for key, of in schema.get("properties", {}).items():
            if key in (
                "state",
                "route",
                "holder",
                "severity",
                "from_state",
                "to_state",
                "tier",
                "project_class",
            ):
                told = str(of)
                if "Code" not in told and "enum" not in told and "properties" not in told:
                    bare.append(f"{name}.{key}")
    assert not bare

    def walk(value: object, at: str) -> Iterator[str]:
        if isinstance(value, dict):
            codes = value.get("enum")
            # A problem's one HTTP status is a number (RFC 9457, 3.1.2), no code of ours.
            if isinstance(codes, list) and codes != ["true"] and not isinstance(codes[0], int):
                labels = value.get("x-enum-labels", {})
                if set(labels) != set(codes) or not all(
                    each["zh"] and each["en"] for each in labels.values()
                ):
                    yield at
            for key, each in value.items():
                if key != "example":
                    yield from walk(each, f"{at}/{key}")
        elif isinstance(value, list):
            for number, each in enumerate(value):
                yield from walk(each, f"{at}/{number}")

    assert not list(walk(document, ""))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def test_articles_are_explained_in_two_short_lines() -> None:
    told = articles()
    assert len({each.heading for each in told}) == 45
    assert all(10 <= len(line) <= 60 for each in told for line in each.lines)


# Letters in a row that are no longer our own words.
RUN = 9


def _taken(line: str, law: str) -> list[str]:
    said = _plain(line)
    return [said[at : at + RUN] for at in range(len(said) - RUN + 1) if said[at : at + RUN] in law]


def test_articles_are_explained_in_our_own_words() -> None:
    """Wherever the text of the Measures lies beside the checkout; it is not ours to carry along."""
    folder = ROOT.parent / "shared" / "seeds"
    whole = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
    law = _plain(whole)
    if not law:
        pytest.skip(f"nothing was compared: the text of the Measures is not in {folder}")
    assert all(article_label(number) in law for number in range(1, 46)), "this is not the whole text"
    assert _taken(f"本系统：{whole[-200:]}", law), "what is copied would be found"
    for each in articles():
        for line in (each.heading, *each.lines):
            assert not _taken(line, law), f"art. {each.number}"


ALIKE = {
    ("form_field", "costs.amount_yuan", "yearly.amount_yuan"): "each under its own group",
    ("form_field", "contacts", "drafter.contact"): "each under its own group",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_codes_of_a_vocabulary_are_called_alike(language: str) -> None:
    """What an official picks from a list, or a developer reads in an enumeration, tells the codes apart."""
    alike = set()
    for vocabulary in VOCABULARIES.values():
        if vocabulary.name in ("input", "output"):
            continue  # nobody picks from these: a field stands in its form, a member in its answer
        codes: dict[str, list[str]] = {}
        for entry in vocabulary.entries:
            codes.setdefault(getattr(entry, language).casefold(), []).append(entry.code)
        alike |= {(vocabulary.name, *found) for found in codes.values() if len(found) > 1}
    assert not alike - ALIKE.keys()
    assert language == "en" or alike == ALIKE.keys(), "listed, but no longer alike"


@pytest.mark.parametrize("name", ["form_field", "material_field", "permission"])
def test_english_is_not_turned_out_of_the_code(name: str) -> None:
    """`costs.item` was "Item costs", `project.end/decide` "Decide end project": made by a script, read by nobody."""
    for entry in VOCABULARIES[name].entries:
        *groups, last = (part.replace("_", " ") for part in re.split(r"[./]", entry.code))
        if groups:
            turned = {" ".join([last, *groups]), " ".join([last, *reversed(groups)])}
            assert entry.en.casefold() not in turned, entry
