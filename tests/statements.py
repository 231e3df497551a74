"""Every statement that importing the house makes, taken before a test module or a request makes more of them."""

from __future__ import annotations

import service.app
import service.worker  # noqa: F401 - loads every feature's statements
from service.kit.statements import Statement

EVERY = tuple(Statement.every)
