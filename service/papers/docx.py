"""Filling a draft's template, in the process apart: an office's own is a stranger's file like any other.

It is looked at as attachments are (macros and other active content refused), may be so large unpacked, asks for known
fields only, and its tags run in Jinja's sandbox; time and memory are the process's.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from service.documents.judging import judge_bytes

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_BYTES, MOST_PARTS = 20 << 20, 500  # unpacked


class Unfit(Exception):
    """The template cannot be used."""


def filled(template: bytes, fields: dict[str, Any], *, ours: bool) -> bytes:
    """The draft; Unfit where the template is no docx, too large, active, or asks for what there is not."""
    if not ours:
        _bounded(template)
    try:
        document = DocxTemplate(io.BytesIO(template))
        environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
        if document.get_undeclared_template_variables(environment) - fields.keys():
            raise Unfit("fields")
        document.render(fields, environment, autoescape=True)
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
    return out.getvalue()


def _bounded(template: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as pack:
            parts = pack.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as fault:
        raise Unfit("docx") from fault
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise Unfit("size")
    verdict = judge_bytes(template, "template.docx")
    if verdict.refused or verdict.media_type != MEDIA:
        raise Unfit(verdict.refused or "docx")
