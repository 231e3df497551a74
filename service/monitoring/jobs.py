"""Folding: the −1/+1 rows of the commands become the summary's figures by month, and these the totals, every second."""

from __future__ import annotations

from service.kit import folding
from service.kit.db import Door
from service.monitoring.queries_totals import FOLD, SUM_UP, WAITING


async def fold(door: Door) -> int:
    """Folds every tenant's waiting rows; returns how many.

    What has changed in cells then goes into the totals in the same way, whoever changed it: a worker of the version
    before folds into cells alone.
    """
    return await folding.fold(door, WAITING, FOLD, then=SUM_UP)
