"""Whether the document still keeps what the last release promised: a small comparison, and the promises as a file.

`openapi/released.json` has, of the last released document, per operation what a client leans on: parameters, members
of requests and answers with their types, choices, statuses and codes. Added things break nobody. What does break is
named in `openapi/CHANGELOG.md` (a line with the operation's id or component's name, under 不兼容), or it fails.

`python -m tests.released` compares; `python -m tests.released --record` writes the file, at a release only. Before a
release `--draft` writes it as one that holds nobody yet: differences are told and do not fail.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from service.docs.document import COMMITTED

Json = dict[str, Any]
ROOT = COMMITTED.parent
RELEASED, CHANGELOG = ROOT / "released.json", ROOT / "CHANGELOG.md"
_DECLARED = re.compile(r"^- `([A-Za-z0-9_.]+)`", re.M)


def promises(document: Json) -> Json:
    """What clients lean on: operations, and the components that they send and get."""
    operations: Json = {}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            operations[told["operationId"]] = _operation(document, f"{method.upper()} {path}", told)
    sent, got = _reached(document, "requestBody"), _reached(document, "responses")
    schemas = document["components"]["schemas"]
    return {
        "operations": operations,
        "sent": {name: _members(schemas[name]) for name in sorted(sent)},
        "got": {name: _members(schemas[name]) for name in sorted(got) if not name.endswith("Problem")},
    }


def _operation(document: Json, at: str, told: Json) -> Json:
    parameters = [_resolved(document, each) for each in told.get("parameters", ())]
    return {
        "at": at,
        "parameters": {each["name"]: bool(each.get("required")) for each in parameters},
        "answers": sorted(status for status in told["responses"] if status.startswith("2")),
    }


def _members(schema: Json) -> Json:
    required = set(schema.get("required", ()))
    return {
        "members": {
            name: {"is": _kind(of), "required": name in required}
            for name, of in schema.get("properties", {}).items()
        },
        "choices": sorted(schema.get("enum", ())),
    }


def _kind(schema: Json) -> str:
    """The type as a word; of what refers, the name."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(sorted(_kind(each) for each in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    kind = schema.get("type", "anything")
    return kind if isinstance(kind, str) else " or ".join(sorted(kind))


def _resolved(document: Json, value: Any) -> Any:
    while isinstance(value, dict) and "$ref" in value:
        found: Any = document
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        value = found
    return value


def _reached(document: Json, part: str) -> set[str]:
    """The components that requests, or answers, of any operation lead to."""
    found: set[str] = set()
    waiting: list[Any] = [
        told.get(part) for methods in document["paths"].values() for told in methods.values()
    ]
    seen: set[str] = set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += [each for key, each in value.items() if key not in ("example", "x-enum-labels")]
            at = value.get("$ref")
            if isinstance(at, str) and at not in seen:
                seen.add(at)
                if at.startswith("#/components/schemas/"):
                    found.add(at.rpartition("/")[2])
                waiting.append(_resolved(document, value))
    return found


def breaks(before: Json, now: Json) -> list[str]:
    """`name: what a client of before would trip over`, for everything that was promised and is not kept."""
    found = []
    for name, old in before["operations"].items():
        new = now["operations"].get(name)
        if new is None or new["at"] != old["at"]:
            found.append(f"{name}: {old['at']} is no longer there")
            continue
        found += [
            f"{name}: parameter {each} is gone" for each in old["parameters"] if each not in new["parameters"]
        ]
        found += [
            f"{name}: parameter {each} is required now"
            for each, required in new["parameters"].items()
            if required and not old["parameters"].get(each)
        ]
        found += [
            f"{name}: {each} is no longer answered" for each in old["answers"] if each not in new["answers"]
        ]
    for name, old in before["sent"].items():
        found += _sent(name, old, now["sent"].get(name))
    for name, old in before["got"].items():
        found += _got(name, old, now["got"].get(name))
    return found


def _sent(name: str, old: Json, new: Json | None) -> list[str]:
    """A request of before must still be one."""
    if new is None:
        return []  # its operations tell
    members = new["members"]
    found = [f"{name}: {each} is not taken any more" for each in old["members"] if each not in members]
    found += [
        f"{name}: {each} is required now"
        for each, of in members.items()
        if of["required"] and not old["members"].get(each, {}).get("required")
    ]
    return found + [
        f"{name}: {each} is no choice any more" for each in old["choices"] if each not in new["choices"]
    ]


def _got(name: str, old: Json, new: Json | None) -> list[str]:
    """What a client reads of an answer must still be there, and be what it was."""
    if new is None:
        return [f"{name} is no longer answered"] if old["members"] else []
    found = []
    for each, of in old["members"].items():
        if each not in new["members"]:
            found.append(f"{name}: {each} is gone")
        elif new["members"][each]["is"] != of["is"]:
            found.append(f"{name}: {each} was {of['is']}, is {new['members'][each]['is']}")
        elif of["required"] and not new["members"][each]["required"]:
            found.append(f"{name}: {each} may be missing now")
    return found


def undeclared(found: list[str], changelog: str) -> list[str]:
    """Those that the changelog does not name since the last release."""
    unreleased = changelog.partition("\n## ")[2].partition("\n## ")[0]
    declared = set(_DECLARED.findall(unreleased))
    return [each for each in found if each.partition(":")[0].partition(" ")[0] not in declared]


def main() -> int:
    document = json.loads(COMMITTED.read_bytes())
    now = promises(document)
    if {"--record", "--draft"} & set(sys.argv):
        now = {"version": document["info"]["version"], "released": "--record" in sys.argv, **now}
        RELEASED.write_text(
            json.dumps(now, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )
        return 0
    before = json.loads(RELEASED.read_text(encoding="utf-8"))
    broken = undeclared(breaks(before, now), CHANGELOG.read_text(encoding="utf-8"))
    word = "released" if before["released"] else "not released yet"
    print(f"promises of {before['version']} ({word}): {len(broken)} broken and not in {CHANGELOG.name}")
    for each in broken:
        print(f"  {each}")
    return 1 if broken and before["released"] else 0


if __name__ == "__main__":
    sys.exit(main())
