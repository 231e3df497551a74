"""What acts on a case are refused with, as the OpenAPI document tells it."""

from __future__ import annotations

from service.kit.errors import Error

REFUSED = Error(409, "action_not_allowed", "当前状态、路径或经办环节不允许该操作，附条款")
SHUT = Error(409, "gate_shut", "前置条件未满足，附条款和条件名称")
TAKEN = Error(409, "external_ref_taken", "该外部编号已被本地区的另一个项目使用")
CLASSIFIED = Error(422, "classified_material", "涉密内容不受理，不保存")
SAME = Error(409, "same_person", "本人此前经手过同一事项的另一环节，须由另一人办理")
CHANGED = Error(409, "route_changed", "按现在的事实路径已变，附新的决定和应转的环节")
FIXED = Error(409, "external_ref_fixed", "已申报项目的外部编号不能再改")
OUT = Error(409, "out_of_scope", "不属于适用范围")
REUSE = Error(409, "reuse_answer_required", "有相近的共享应用或已建成的项目尚未答复，附清单")
UNANSWERED = Error(409, "opinion_required", "须对每条理由表明意见")
UNACCEPTED = Error(409, "reason_refused", "有理由未获认可")
REASONS = Error(409, "reason_required", "“原则上”的情形须逐条说明理由")
# Whoever declares may do so for his kind of project only (policies/access).
KINDS = tuple((f"project.{kind}", "declare") for kind in ("new", "rebuild", "expand", "migrate", "maintain"))
