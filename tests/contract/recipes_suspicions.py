"""Recipes of suspicions; see recipes.py."""

from __future__ import annotations
