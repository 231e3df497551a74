"""`tongjian check search|secrecy|similarity FILE…`: a method measured on labelled files."""

from __future__ import annotations

from pathlib import Path

from service.cli.arguments import Misused
from service.secrecy import trials as secrecy
from service.similarity import trials


def trial(what: str, files: list[Path]) -> int:
    """Measures a method on labelled files; 1 when it falls below what is wanted of it."""
    if not files or (len(files) > 1 and what != "secrecy"):
        raise Misused(f"tongjian check {what}: name a FILE; its shape is in tongjian check --help")
    try:
        if what == "secrecy":
            told = secrecy.try_secrecy(files)
            print(told)
            return 0 if told.good else 1
        found = trials.try_pairs(files[0]) if what == "similarity" else trials.try_search(files[0])
    except (trials.FileInvalid, secrecy.FileInvalid, UnicodeDecodeError) as error:
        raise Misused(f"tongjian check {what}: {files[0]}: {error}") from None
    except OSError as error:
        raise Misused(
            f"tongjian check {what}: {error.filename or files[0]}: {error.strerror or error}"
        ) from None
    print(found)
    return 0 if found.good else 1
