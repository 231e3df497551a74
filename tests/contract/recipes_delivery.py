"""Recipes of delivery; see recipes.py."""

from __future__ import annotations
