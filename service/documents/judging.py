"""The verdict on one file: its name, its form, its words. Needs nothing of the service; any process may call it."""

from __future__ import annotations

from pathlib import Path

from service.documents.forms.look import Look, Refused
from service.documents.forms.opening import look_at
from service.documents.names import dangerous, disagrees, unseen
from service.documents.verdict import Verdict
from service.measures.secrecy import has_mark


def judge_name(name: str) -> str:
    """The code of the refusal of a file called so, '' when the name is honest."""
    if unseen(name):
        return "unseen_characters"
    if has_mark(name):
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
    return Verdict(media, tuple(sorted(look.notes)))


def judge_path(path: Path) -> Verdict:
    """As `judge_bytes`, of a file that lies on this machine."""
    return judge_bytes(path.read_bytes(), path.name)
