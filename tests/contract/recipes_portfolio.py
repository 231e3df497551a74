"""Recipes of portfolio; see recipes.py."""

from __future__ import annotations
