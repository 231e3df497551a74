"""What acts of appraisal, joint review and money are refused with, beside what every act is."""

from __future__ import annotations

from service.kit.errors import Error

ENDED = Error(409, "appraisal_closed", "本次论证评估已不再办理该事项")
ELSE = Error(409, "not_your_appraisal", "由受委托的评估机构办理")
WAITING = Error(409, "scores_missing", "专家评分尚未齐全")
FULL = Error(409, "panel_full", "专家已经抽足")
EXHAUSTED = Error(409, "pool_exhausted", "专家库中符合条件的专家不足")
NOT_OPEN = Error(409, "review_not_open", "没有进行中的联合会审")
UNINVITED = Error(409, "not_invited", "本次联合会审没有邀请该部门")
MISSING = Error(409, "opinions_missing", "会审意见尚未齐全")
SOURCE = Error(409, "wrong_source", "资金由同级财政下达")
