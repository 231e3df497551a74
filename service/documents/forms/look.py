"""One look into one file: what has been read so far, what could not be, and how much more may be unpacked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from service.documents.forms.halves import Halves
from service.documents.forms.symbols import legible
from service.measures.secrecy import Verdict, look_at_text

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SECONDS = 15.0  # of processor time; what is not read by then is not checked
MAX_BYTES = 160 << 20  # unpacked from one file, all its packages together
MAX_MEMBERS = 6000
MAX_SIGNER = 60  # characters shown of who says that he has signed
_NAME_READ = 400
MAX_DEPTH = 4  # of packages inside packages
MAX_SAID = 48 << 20  # characters handed to the scan
_SAID_AT_ONCE = 1 << 20
_HINTS = ("密", "宻")
_ENCODINGS = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_NEAR = 255  # bytes around such a character
_STRETCH = 64 << 10


class Refused(Exception):
    """The file is not taken. `code` says why; `where` is the entry it is about ('' = the file itself).

    `words` are the words that mark it, for the sender's eyes only.
    """

    def __init__(self, code: str, where: str = "", words: str = "") -> None:
        super().__init__(code)
        self.code, self.where, self.words = code, where, words


class Unfinished(Exception):
    """A bound was reached; what is left was not read."""


@dataclass
class Allowance:
    """What all parts of one file may cost together."""

    bytes: int = MAX_BYTES
    members: int = MAX_MEMBERS
    said: int = MAX_SAID
    until: float = field(default_factory=lambda: time.process_time() + SECONDS)


@dataclass
class Look:
    """`open` reads a file found inside this one; `notes` are the codes of what was not read (notes.py)."""

    open: Callable[[bytes, Look, str], str]
    where: str = ""
    depth: int = 0
    notes: set[str] = field(default_factory=set)
    left: Allowance = field(default_factory=Allowance)
    signed: list[str] = field(
        default_factory=list
    )  # each electronic signature: who it says has signed, or ''
    halves: Halves = field(default_factory=Halves)

    def read(self, *texts: str) -> None:
        """Scans what a person would read; a secrecy mark ends the look, a character nobody knows is noted."""
        if any(legible(text)[1] for text in texts):
            self.notes.add("symbols")
        self.scan(*texts)
        for text in texts:
            if self.halves.hear(legible(text)[0]):
                self.notes.add("pieces")

    def scan(self, *texts: str) -> None:
        """Scans what may be text: one of several readings of the same bytes."""
        for text in texts:
            plain = legible(text)[0]
            self.left.said -= len(plain)
            self.go_on()
            for part in _parts(plain):
                found = look_at_text(part)
                if found.verdict is Verdict.MARKED:
                    raise Refused("classified", self.where, found.words)
                if found.verdict is Verdict.CANNOT_BE_CHECKED:
                    self.notes.add("not_finished")

    def read_lines(self, texts: Iterable[str]) -> None:
        """As `read`, of many texts that do not belong together."""
        self.read("\nx\n".join(texts))

    def strings(self, raw: bytes) -> None:
        """Looks for marks in bytes whose form is not read, in every encoding they are written in."""
        for encoding in _ENCODINGS:
            for hint in _HINTS:
                try:
                    seek = hint.encode(encoding)
                except UnicodeEncodeError:
                    continue
                for begins, ends in _around(raw, seek):
                    near = raw[begins:ends]
                    if encoding != "utf-8":  # from the first byte on, or the second
                        self.scan(near.decode(encoding, "ignore"), near[1:].decode(encoding, "ignore"))
                    # In step with each character found, whatever stands before it.
                    self.scan(hint.join(piece.decode(encoding, "ignore") for piece in near.split(seek)))

    def signature(self, name: str = "") -> None:
        """One electronic signature was met. Nothing of it is verified; `name` is what it says of itself."""
        plain = "".join(sign if sign.isprintable() else " " for sign in name[:_NAME_READ])
        self.signed.append(" ".join(plain.split())[:MAX_SIGNER])

    def harmless(self, raw: bytes) -> None:
        """Refuses the antivirus test file wherever it lies."""
        if EICAR in raw:
            raise Refused("malware", self.where)

    def refuse(self, code: str) -> None:
        raise Refused(code, self.where)

    def inside(self, name: str) -> Look:
        """The look into a file inside this one; it adds to the same notes and spends the same allowance."""
        if self.depth >= MAX_DEPTH:
            raise Unfinished
        where = f"{self.where}/{name}" if self.where else name
        return Look(self.open, where[:300], self.depth + 1, self.notes, self.left, self.signed, self.halves)

    def spend(self, size: int, members: int = 0) -> None:
        """Takes what is about to be unpacked out of the allowance."""
        self.left.bytes -= size
        self.left.members -= members
        self.go_on()

    def go_on(self) -> None:
        left = self.left
        if min(left.bytes, left.members, left.said) < 0 or time.process_time() > left.until:
            raise Unfinished


def _parts(text: str) -> Iterable[str]:
    """Long texts in pieces that overlap, so that no scan holds everything at once."""
    for start in range(0, max(1, len(text)), _SAID_AT_ONCE):
        yield text[max(0, start - 200) : start + _SAID_AT_ONCE]


def _around(raw: bytes, sought: bytes) -> Iterator[tuple[int, int]]:
    """Where it is found, with what stands near; what lies close together is one stretch and read once."""
    begins = ends = at = -1
    while (at := raw.find(sought, at + 1 if ends < 0 else max(at + 1, ends - _NEAR // 2))) >= 0:
        if ends >= 0 and (at - _NEAR > ends or ends - begins > _STRETCH):
            yield begins, ends
            begins = -1
        begins = max(0, at - _NEAR) if begins < 0 else begins
        ends = at + _NEAR
    if ends >= 0:
        yield begins, ends
