"""Tables of suspicions."""

from __future__ import annotations
