"""What a PDF held before it was saved again: earlier versions lie whole in the file, and whoever looks finds them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from service.documents.forms.look import Unfinished

MAX_VERSIONS = 40  # more than anybody signs or saves
_MAX_REACHED = 20_000  # objects gone through to see whether a page changed
_END = re.compile(rb"startxref\s{1,9}(\d{1,12})\s{1,9}%%EOF")
_HEAD = re.compile(rb"(?<=[0-9])[\s\0]{0,40}obj(?![A-Za-z])")
_HEAD_AT = re.compile(rb"[\s\0]{0,40}[0-9]{1,12}[\s\0]{1,40}[0-9]{1,12}[\s\0]{0,40}obj")
Place = tuple[int, int]  # where an object lies: its offset, or the place of its stream and its number in it


class Versions:
    """The versions of one file, newest first. `pages` of an older one are those that a newer one does not show."""

    def __init__(self, raw: bytes, newest: PdfReader) -> None:
        self._raw = raw
        self._known: set[Place] = set()
        self._told = newest
        self._add(newest)

    def earlier(self) -> Iterator[PdfReader]:
        """Each older version that has an object of its own. Raises `Unfinished` where there are too many."""
        ends = [
            end for end in _END.finditer(self._raw) if int(end[1])
        ]  # 0: the first half of one made for the web
        if len(ends) > MAX_VERSIONS:
            raise Unfinished
        for end in reversed(ends[:-1]):
            try:
                reader = PdfReader(io.BytesIO(self._raw[: end.end()]))
                if _places(reader) - self._known:
                    yield reader
                    self._add(reader)
            except PyPdfError:
                continue  # what lies there is led to by nothing, and told so

    def changed(self, reader: PdfReader, page: PageObject) -> bool:
        """Whether anything that this page draws is no longer so in a newer version."""
        reached: set[tuple[int, int]] = set()
        waiting: list[Any] = [page.get("/Contents"), page.get("/Resources"), page.indirect_reference]
        if page.indirect_reference is None or "/Contents" not in page:
            return True
        waiting[0] = page.raw_get("/Contents")
        while waiting:
            found = waiting.pop()
            if isinstance(found, IndirectObject):
                key = (found.idnum, found.generation)
                if key in reached:
                    continue
                reached.add(key)
                if _place(reader, *key) not in self._known or len(reached) > _MAX_REACHED:
                    return True
                found = found.get_object()
            if isinstance(found, DictionaryObject):
                waiting += [
                    found.raw_get(name)
                    for name in found
                    if name not in ("/Parent", "/Annots", "/StructParent")
                ]
            elif isinstance(found, ArrayObject):
                waiting += list(found)
        return False

    def left_over(self) -> bool:
        """Whether an object lies in the file that no version leads to."""
        heads = {head.end() for place, _ in self._known if (head := _HEAD_AT.match(self._raw, place))}
        return any(head.end() not in heads for head in _HEAD.finditer(self._raw))

    def _add(self, reader: PdfReader) -> None:
        self._known |= _places(reader)


def _places(reader: PdfReader) -> set[Place]:
    plain = {(offset, -1) for found in reader.xref.values() for offset in found.values()}
    return plain | {_place(reader, number, 0) for number in reader.xref_objStm}


def _place(reader: PdfReader, number: int, generation: int) -> Place:
    if generation == 0 and number in reader.xref_objStm:
        stream, index = reader.xref_objStm[number]
        return reader.xref.get(0, {}).get(stream, 0), index
    return reader.xref.get(generation, {}).get(number, 0), -1
