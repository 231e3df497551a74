"""Recipes of library; see recipes.py."""

from __future__ import annotations
