"""The choices of columns: Chinese label → code, from where the labels stand."""

from __future__ import annotations

from collections.abc import Mapping

from service.kit.authz import load_roles
from service.measures.answers import UNIFICATIONS
from service.measures.experts import FIELDS
from service.measures.importing import IMPORTABLE
from service.measures.lifecycle_states import STATE_NAMES
from service.projects.export import CLASS_LABELS, KIND_LABELS

_ROLES = load_roles()


def _turned(labels: Mapping[str, str]) -> dict[str, str]:
    return {label: code for code, label in labels.items()}


CLASSES = _turned(CLASS_LABELS)
KINDS = _turned(KIND_LABELS)
STATES = {STATE_NAMES[state]: state.value for state in IMPORTABLE}
EXPERT_FIELDS = _turned(FIELDS)
ROLES = {name: role for (_, role), name in _ROLES.names.items() if role not in _ROLES.clients}
TIERS = {"省级": "province", "市级": "city", "县级": "county"}
NETWORKS = {"电子政务外网": "government_extranet", "互联网": "internet", "专网": "dedicated"}
OFFICE_KINDS = {
    "行政机关": "administrative", "法律法规授权组织": "authorised", "党的机关": "party", "人大机关": "congress",
    "政协机关": "cppcc", "监察机关": "supervision", "审判机关": "court", "检察机关": "procuratorate",
    "群团组织": "mass_body", "其他": "other",
}  # fmt: skip
UNIFIED = dict(UNIFICATIONS)
