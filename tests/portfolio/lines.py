"""Lines of an import file to vary from."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.factories import city_office, facts

_NUMBERS = count(1)


def line(tenant: str = "360100", **changes: Any) -> dict[str, Any]:
    """A city's project under construction, approved in 2025 before there was this system."""
    return {
        "name": f"老城管业务系统第{next(_NUMBERS)}号",  # the same project is taken once
        "owner_office_id": city_office(tenant),
        "facts": facts(),
        "state": "started",
        "source": {"document": "关于城管业务系统的批复", "number": "洪发改〔2025〕8号", "date": "2025-03-01"},
        "dated": {"approved": "2025-03-01", "started": "2025-05-06"},
        "approved_amount_yuan": "3900000.00",
        "approval_number": "洪发改〔2025〕8号",
        **changes,
    }
