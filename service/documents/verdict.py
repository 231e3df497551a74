"""What the look into a file says: what it is, what of it was not read, or why it is not taken."""

from __future__ import annotations

from typing import NamedTuple


class Verdict(NamedTuple):
    """`media_type` by content; `notes`: codes of what could not be read (see notes.py), none = read whole.

    `refused`: the code of a refusal, empty when the file may be kept; `where`: which entry of a package it is about;
    `words`: the words that mark it, for the sender's eyes only.
    """

    media_type: str = ""
    notes: tuple[str, ...] = ()
    refused: str = ""
    where: str = ""
    words: str = ""
    signatures: int | None = None  # electronic signatures met, none of them verified; None: nobody could look
    signers: tuple[str, ...] = ()  # who they say has signed, as far as it stands there to read
