"""Tables of portfolio."""

from __future__ import annotations
