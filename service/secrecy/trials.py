"""`tongjian check secrecy PATH…`: what the secrecy scan finds in labelled texts, and its false alarms in plain ones.

A labelled file is JSON lines, {"text": "…", "marked": true|false, "form": "…"} each (`form` may be missing). Any other
file is a plain text that carries no mark: it is read whole and sentence by sentence. Of a directory all files are read.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from service.measures.secrecy import Verdict, look, look_at_text

# What is wanted, by the form's name; every other form of positives is held to the least.
WHOLE = ("canonical", "spaced", "invisible")
LEAST = 0.95
_SENTENCES = re.compile(r"(?<=[。！？；\n])")
_SHOWN = 20  # wrong ones that are printed


class FileInvalid(ValueError):
    """A labelled file that cannot be read as one."""


class Labelled(NamedTuple):
    """One labelled text."""

    text: str
    marked: bool
    form: str


class Found(NamedTuple):
    """The report, and whether everything wanted holds."""

    report: str
    good: bool

    def __str__(self) -> str:
        return self.report


def is_found(text: str) -> bool:
    """Whether the scan takes the text as marked: as a text, and as a field of a request."""
    verdicts = {look_at_text(text).verdict, look(json.dumps({"text": text}).encode()).verdict}
    return Verdict.MARKED in verdicts


def try_secrecy(paths: Iterable[Path]) -> Found:
    """Recall by form and precision over the labelled texts, false alarms over the plain ones. Raises FileInvalid."""
    labelled: list[Labelled] = []
    plain: list[Path] = []
    for path in _files(paths):
        texts = read_labelled(path) if path.suffix in (".jsonl", ".ndjson") else None
        if texts is None:
            plain.append(path)
        else:
            labelled += texts
    lines: list[str] = []
    good = _tell_labelled(labelled, lines) if labelled else True
    if plain:
        good &= _tell_plain(plain, lines)
    if not labelled and not plain:
        return Found("nothing to read", False)
    return Found("\n".join(lines), good)


def read_labelled(path: Path) -> list[Labelled]:
    """The texts of a labelled file. Raises FileInvalid."""
    texts = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            texts.append(Labelled(record["text"], record["marked"], record.get("form", "")))
            valid = isinstance(texts[-1].text, str) and isinstance(texts[-1].marked, bool)
        except (ValueError, KeyError, TypeError, AttributeError):
            valid = False
        if not valid:
            raise FileInvalid(f'line {number}: {{"text": "…", "marked": true|false, "form": "…"}} is wanted')
    return texts


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(inner for inner in path.rglob("*") if inner.is_file()) if path.is_dir() else [path]


def _tell_labelled(labelled: list[Labelled], lines: list[str]) -> bool:
    found = {one: is_found(one.text) for one in labelled}
    total, right = Counter[tuple[bool, str]](), Counter[tuple[bool, str]]()
    for one, is_marked in found.items():
        total[one.marked, one.form] += 1
        right[one.marked, one.form] += is_marked is one.marked
    good = True
    for (marked, form), number in sorted(total.items(), reverse=True):
        share = right[marked, form] / number
        enough = share >= (LEAST if marked and form not in WHOLE else 1.0)
        good &= enough
        kind = "marked  " if marked else "ordinary"
        lines.append(
            f"{kind} {form or '-':12} {right[marked, form]:5} of {number:5} right{'' if enough else '  TOO FEW'}"
        )
    positives = sum(one.marked for one in found)
    hits = sum(is_marked for one, is_marked in found.items() if one.marked)
    alarms = sum(is_marked for one, is_marked in found.items() if not one.marked)
    recall = hits / positives if positives else 1.0
    precision = hits / (hits + alarms) if hits + alarms else 1.0
    wrong = [one for one, is_marked in found.items() if is_marked is not one.marked]
    lines += [f"  {'missed' if one.marked else 'false alarm'}: {one.text!r}" for one in wrong[:_SHOWN]]
    lines.append(f"recall {recall:.3f}, precision {precision:.3f} over {len(found)} labelled texts")
    return good


def _tell_plain(paths: list[Path], lines: list[str]) -> bool:
    alarms, pieces = [], 0
    for path in paths:
        text = path.read_text(errors="ignore")
        for piece in dict.fromkeys([text, *_SENTENCES.split(text)]):
            pieces += 1
            if (finding := look_at_text(piece)).verdict is not Verdict.CLEAN:
                alarms.append(f"  false alarm in {path.name}: {finding.words or finding.verdict}")
    lines += alarms[:_SHOWN]
    lines.append(f"{len(alarms)} false alarms over {len(paths)} plain texts, whole and in {pieces} pieces")
    return not alarms
