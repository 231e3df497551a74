"""The process that reads files for the bench (kit/apart.py)."""

from __future__ import annotations

from typing import Any

from service.documents.judging import judge_bytes
from service.kit.apart import serve


def judged(name: str, raw: bytes) -> tuple[dict[str, Any], bytes]:
    """The verdict on one file."""
    return judge_bytes(raw, name)._asdict(), b""


if __name__ == "__main__":
    serve(judged)
