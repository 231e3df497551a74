"""The verdict on one file: its name, its form, its words. Needs nothing of the service; any process may call it."""

from __future__ import annotations

from pathlib import Path

from service.documents.forms import kinds
from service.documents.forms.look import Look, Refused
from service.documents.forms.opening import look_at
from service.documents.names import dangerous, disagrees, stem, unseen
from service.documents.verdict import Verdict
from service.measures.secrecy import has_mark

SIGNABLE = (kinds.PDF, kinds.OFD, "application/vnd.openxmlformats-", "application/vnd.oasis.opendocument.")
MOST_SIGNERS = 20
_UNREAD = frozenset({"encrypted", "broken", "not_finished"})


def judge_name(name: str) -> str:
    """The code of the refusal of a file called so, '' when the name is honest."""
    if unseen(name):
        return "unseen_characters"
    if has_mark(f"{name}\n{stem(name)}"):
        return "classified"
    return dangerous(name) or ""


def judge_bytes(raw: bytes, name: str = "") -> Verdict:
    """Reads the file whole. `notes` empty means: everything a reader can see in it was read and carries no mark."""
    if not raw:
        return Verdict(refused="empty_file")
    if name and (code := judge_name(name)):
        return Verdict(refused=code)
    look = Look(look_at)
    try:
        media = look_at(raw, look, name)
    except Refused as refused:
        return Verdict(refused=refused.code, where=refused.where, words=refused.words)
    except (RecursionError, MemoryError):
        return Verdict(refused="unreadable_file")
    if name and disagrees(name, media):
        look.notes.add("name")
    named = tuple(dict.fromkeys(filter(None, look.signed)))[:MOST_SIGNERS]
    return Verdict(media, tuple(sorted(look.notes)), signatures=_signatures(media, look), signers=named)


def _signatures(media: str, look: Look) -> int | None:
    """How many were met; None where the form knows none, or where what could not be read may have hidden some."""
    if look.signed:
        return len(look.signed)
    return None if not media.startswith(SIGNABLE) or look.notes & _UNREAD else 0


def judge_path(path: Path) -> Verdict:
    """As `judge_bytes`, of a file that lies on this machine."""
    return judge_bytes(path.read_bytes(), path.name)
