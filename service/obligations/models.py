"""Tables of obligations."""

from __future__ import annotations
