"""Recipes of catalogue; see recipes.py."""

from __future__ import annotations
