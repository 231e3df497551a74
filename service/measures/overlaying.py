"""How far a city may go with a value of its own: the mode of the province's entry (art. 5)."""

from __future__ import annotations

from service.measures.rule_entries import Entry, OverlayMode, Value


def refusal(entry: Entry, value: Value) -> tuple[str, str] | None:
    """Why the value goes beyond the entry's mode, or None."""
    base = entry.value
    if entry.overlay is OverlayMode.NONE:
        return "mode_none", "该参数由省级统一规定，设区市不得另行设置"
    if isinstance(base, bool) or isinstance(value, bool) or type(base) is not type(value):
        return "wrong_type", "设置值的类型与省级参数不一致"
    if entry.scale:
        return _off_scale(entry, str(value))
    if isinstance(base, int) and isinstance(value, int):
        if entry.overlay is OverlayMode.LOWER and value > base:
            return "not_lower", "该参数只能低于或等于省级数值"
        if entry.overlay is OverlayMode.RAISE and value < base:
            return "not_higher", "该参数只能高于或等于省级数值"
        return ("negative", "该参数不能为负数") if value < 0 else None
    if isinstance(base, tuple) and isinstance(value, tuple) and not set(base) <= set(value):
        return "not_added", "该清单只能增加，不能删减省级已有的内容"
    return None


def _off_scale(entry: Entry, value: str) -> tuple[str, str] | None:
    """A level is one of the scale, on the allowed side of the province's."""
    if value not in entry.scale:
        return "not_on_scale", f"只能取 {'、'.join(entry.scale)} 之一"
    moved = entry.scale.index(value) - entry.scale.index(str(entry.value))
    if entry.overlay is OverlayMode.RAISE and moved < 0:
        return "not_higher", "该参数只能与省级相同或更严"
    if entry.overlay is OverlayMode.LOWER and moved > 0:
        return "not_lower", "该参数只能与省级相同或更宽"
    return None
