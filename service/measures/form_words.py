"""The words of the declaration's form: what may be chosen, and what everything is called."""

from __future__ import annotations

from collections.abc import Mapping

from service.vocabulary import names

# Art. 2: what the Measures are about, in its order.
CATEGORIES: Mapping[str, str] = names("form_category")
COSTS: Mapping[str, str] = names("cost_item")
SOURCES: Mapping[str, str] = names("money_kind")
NETWORKS: Mapping[str, str] = {
    code: names("network")[code]
    for code in ("government_extranet", "government_intranet", "internet", "dedicated", "other")
}
PLATFORMS: Mapping[str, str] = names("code_platform")
# Every member, as it is called on paper and in exports; a dot leads into a member.
LABELS: Mapping[str, str] = names("form_field")
MEMBERS = tuple(key for key in LABELS if "." not in key)
