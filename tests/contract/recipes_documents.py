"""Recipes of documents; see recipes.py."""

from __future__ import annotations
