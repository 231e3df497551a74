"""Recipes of reviews; see recipes.py."""

from __future__ import annotations
