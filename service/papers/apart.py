"""The process that draws papers: PDF by typst, docx by docxtpl, bounded as the reading of files is (kit/apart.py).

What people wrote reaches typst as one JSON text and stands on the paper as text: the template evaluates none of it,
fetches nothing and reads nothing beside itself.
"""

from __future__ import annotations

import os
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import msgspec
import typst

from service.kit.apart import serve
from service.papers.docx import Unfit, filled

HERE = Path(__file__).resolve().parent
FONTS, TEMPLATES, DRAFTS = HERE / "fonts", HERE / "templates", HERE / "drafts"
MEMORY, SPENT = 2 << 30, 700 << 10
# As PDF/A wants it, a character that no font has is an error, and typst says which.
_ABSENT = re.compile(r'the text `"((?:\\.|[^"\\])+)"` could not be displayed')
GETA, MOST_ABSENT = "〓", 40


class Unreadable(Exception):
    """More characters without a font than anybody would look up."""


def pdf(data: dict[str, Any], dirs: list[str]) -> bytes:
    """One paper as PDF/A-2b; the same data and fonts give the same bytes."""
    absent: list[str] = []
    for _ in range(MOST_ABSENT):
        try:
            made: Any = typst.compile(
                str(TEMPLATES / "paper.typ"),
                root=str(TEMPLATES),
                font_paths=[*dirs, str(FONTS)],
                ignore_system_fonts=True,
                pdf_standards=["a-2b"],
                package_path=os.devnull,
                package_cache_path=os.devnull,
                sys_inputs={"data": msgspec.json.encode({**data, "absent": absent}).decode()},
            )
            return bytes(made)
        except typst.TypstError as error:
            found = _ABSENT.search(str(error))
            if found is None:
                raise
            text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda sign: chr(int(sign[1], 16)), found[1])
            absent.append("".join(f"U+{ord(sign):04X}" for sign in text))
            data = _without(data, text)
    raise Unreadable


def _without(value: Any, text: str) -> Any:
    if isinstance(value, str):
        return value.replace(text, GETA)
    if isinstance(value, list):
        return [_without(each, text) for each in value]
    if isinstance(value, dict):
        return {name: _without(each, text) for name, each in value.items()}
    return value


def drawn(name: str, raw: bytes) -> tuple[dict[str, Any], bytes]:
    """One piece of work: `{"data", "dirs"}` for a PDF; `{"kind", "fields", "own", "origin", "plain"}` for a draft."""
    asked = msgspec.json.decode(raw)
    try:
        if name == "docx":
            own = b64decode(asked["own"])
            template = own or (DRAFTS / f"{asked['kind']}.docx").read_bytes()
            made = filled(
                template, asked["fields"], ours=not own, origin=asked["origin"], plain=asked["plain"]
            )
            return {"fault": ""}, made
        return {"fault": ""}, pdf(asked["data"], asked["dirs"])
    except Unfit as unfit:
        return {"fault": unfit.code, "names": unfit.names}, b""
    except (Unreadable, typst.TypstError):
        return {"fault": "undrawable"}, b""


if __name__ == "__main__":
    os.environ["RAYON_NUM_THREADS"] = "1"
    serve(drawn, memory=MEMORY, spent=SPENT)
