"""What each member of an answer tells, by its name on the wire; `Schema.member` where one name means several things."""

from service.vocabulary import outputs_cases, outputs_cases_more, outputs_general, outputs_keeping
from service.vocabulary.entry import table

_MODULES = (outputs_general, outputs_cases, outputs_cases_more, outputs_keeping)
OUTPUT = table("output", "答复内容", "Member of an answer", "".join(each.LINES.lstrip() for each in _MODULES))
