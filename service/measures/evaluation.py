"""The scorecard of art. 40: five aspects, weights of practice, one card per organ, and the result of all three.

Points are integers of hundredths (0 … 10000), so that nothing is lost to floats.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.measures.organs import THREE

ASPECTS: Mapping[str, str] = {
    "application_effect": "应用效果",
    "support_capability": "支撑能力",
    "security": "网络安全",
    "investment_benefit": "投资效益",
    "resource_conformity": "资源配置与设计的符合程度",
}
# Practice, for callers without a rule book; the rule book's `evaluation.weight.*` stand otherwise.
WEIGHTS: Mapping[str, int] = {
    "application_effect": 30,
    "support_capability": 20,
    "security": 20,
    "investment_benefit": 15,
    "resource_conformity": 15,
}
FULL = 10000


def card(points: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """One organ's card: points 0 … 100 per aspect, weighted; rounded half up to hundredths."""
    whole = sum(weights[aspect] for aspect in ASPECTS)
    return (sum(points[aspect] * weights[aspect] for aspect in ASPECTS) * 200 + whole) // (2 * whole)


def result(cards: Mapping[str, int]) -> int | None:
    """Art. 40: the three organs evaluate together; the mean of their cards, None until all are in."""
    if any(slot.value not in cards for slot in THREE):
        return None
    total = sum(cards[slot.value] for slot in THREE)
    return (2 * total + len(THREE)) // (2 * len(THREE))


def points_text(hundredths: int) -> str:
    """8750 → "87.50"."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"
