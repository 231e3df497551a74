"""How an office's acts may be refused beside what each says itself."""

from __future__ import annotations

from service.kit.api import Error

OWN = Error(409, "own_office", "不能结束本人所在单位的有效期")
LAST = Error(409, "last_holder", "办理后有岗位无人在岗，附 desks；须在同一请求中指定接任人")
HOLDS = Error(409, "office_not_empty", "该单位名下还有在办事项，附 held；须指定承接单位办理撤并")
EXCLUDED = Error(409, "roles_exclude_each_other", "接任人现有的角色与所接任的岗位不能由同一人担任")
TAG = "offices"
TWICE = Error(409, "adopted_twice", "两个单位都在使用同一应用，附 adoptions")
