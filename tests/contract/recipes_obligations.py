"""Recipes of obligations; see recipes.py."""

from __future__ import annotations
