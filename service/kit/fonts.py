"""Which fonts papers are drawn with, as the setting writes it: directories, the font of titles, that of the text."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Fonts(NamedTuple):
    """Where an office's own fonts lie, and how those for titles and for text are called; empty: ours."""

    dirs: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()


def fonts(text: str) -> Fonts:
    """`/srv/fonts|方正小标宋简体|仿宋_GB2312`; ValueError for what is no directory, or more than that."""
    parts = text.split("|")
    dirs = tuple(part for part in parts[0].split(":") if part)
    missing = [each for each in dirs if not Path(each).is_dir()]
    if not dirs or missing or len(parts) > 3:
        raise ValueError("expected <directory>[:<directory>][|<font of titles>[|<font of the text>]]")
    named = [(part.strip(),) if part.strip() else () for part in parts[1:]]
    return Fonts(dirs, *named)
