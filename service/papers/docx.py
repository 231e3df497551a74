"""Filling a draft's template, in the process apart: an office's own is a stranger's file like any other.

It is looked at as attachments are (macros and other active content refused), may be so large unpacked, asks for known
fields only, and its tags run in Jinja's sandbox; time and memory are the process's.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from service.documents.judging import judge_bytes

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TEXT, _TAG = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml"), re.compile(rb"<[^<>]*>")
_OBJECTS = ("word/media/", "word/embeddings/", "word/charts/")
MOST_BYTES, MOST_PARTS = 20 << 20, 500  # unpacked


class Unfit(Exception):
    """The template cannot be used: `code` says why, `names` which fields there are not."""

    def __init__(self, code: str, names: Collection[str] = ()) -> None:
        super().__init__(code)
        self.code, self.names = code, sorted(names)


def filled(
    template: bytes, fields: dict[str, Any], *, ours: bool, origin: str = "", plain: bool = False
) -> bytes:
    """The draft; Unfit where the template is no docx, too large, active, or asks for what there is not.

    `origin`: what the file's properties say of the template. `plain`: pictures and embedded objects are refused too.
    """
    if not ours:
        _bounded(template, plain=plain)
    try:
        document = DocxTemplate(io.BytesIO(template))
        environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
        if unknown := document.get_undeclared_template_variables(environment) - fields.keys():
            raise Unfit("fields", unknown)
        document.render(fields, environment, autoescape=True)
        if origin:
            document.docx.core_properties.comments = origin
        out = io.BytesIO()
        document.save(out)
    except (
        TemplateError,
        ValueError,
        KeyError,
        TypeError,
        ArithmeticError,
        AttributeError,
        SyntaxError,
    ) as fault:
        raise Unfit("template") from fault
    except (RecursionError, MemoryError) as fault:
        raise Unfit("size") from fault
    made = out.getvalue()
    if fields.get("marking") and not _says(made, fields["marking"]):
        raise Unfit("marking")
    return made


def _says(made: bytes, words: str) -> bool:
    """Whether the draft carries the words in its text or at the head or foot of its pages, in however many runs."""
    with zipfile.ZipFile(io.BytesIO(made)) as pack:
        texts = (pack.read(name) for name in pack.namelist() if _TEXT.fullmatch(name))
        return any(words.encode() in _TAG.sub(b"", text) for text in texts)


def _bounded(template: bytes, *, plain: bool) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as pack:
            parts = pack.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as fault:
        raise Unfit("docx") from fault
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise Unfit("size")
    if plain and any(part.filename.startswith(_OBJECTS) for part in parts):
        raise Unfit("pictures")
    verdict = judge_bytes(template, "template.docx")
    if verdict.refused or verdict.media_type != MEDIA:
        raise Unfit("docx")
