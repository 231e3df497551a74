"""Recipes of rulebook; see recipes.py."""

from __future__ import annotations
