"""Codes of single fields: the entries of `errors`."""

from service.vocabulary.entry import table

FAULTS = table(
    "fault", "字段错误代码", "Fault of a field", """
already_registered | 已经登记过 | Already registered
template_fields | 模板用了没有的字段 | The template asks for what there is not
template_tags | 模板的标签不能执行 | The template's tags cannot be run
template_kind | 模板不是 docx 文件 | The template is no docx
template_size | 模板过大或填写过慢 | The template is too large or too slow
template_marking | 模板没有保留送审稿标志 | The template lacks the marking
template_pictures | 模板带有图片或嵌入对象 | The template carries pictures or objects
active_content | 文件含会自动运行的内容 | Active content
already_invited | 已经邀请 | Already invited
channel_off | 没有接入这种提醒方式 | Channel not set up
other_channel | 与提醒方式不符的地址 | Address of another channel
wrong_code | 验证码不对 | Wrong code
already_seated | 已在评审组中 | Already on the panel
address_not_allowed | 不是允许的地址 | Address not allowed
already_working | 本来就是工作日 | A working day anyway
ambiguous_name | 有多个同名的 | Ambiguous name
amount_exceeds | 金额超过上限 | Amount too large
amount_range | 金额不在范围内 | Amount out of range
amounts_do_not_sum | 各项合计与总额不符 | Amounts do not sum
attachment_required | 缺少附件 | Attachment required
basics_required | 缺少基本情况 | Basics required
before_first_rules | 早于规则库的起始日 | Before first rules
below_issued | 低于已下达的预算 | Below the budget issued
beyond_budget | 超过已下达的预算 | Beyond the budget issued
beyond_paid | 超过已支付的金额 | Beyond what was paid
beyond_surplus | 超过应退回的结余 | Beyond the surplus to return
beyond_total | 超过批复总额 | Beyond the total approved
certificate_expired | 证书已过有效期 | Certificate expired
classified_material | 含涉密标志 | Classified material
criterion_missing | 有指标未评分 | Criterion missing
date_format | 日期格式不对 | Wrong format of a date
date_in_future | 日期晚于今天 | Date in future
date_in_past | 日期早于今天 | Date in past
invalid_url | 地址无效 | Invalid address
same_person | 须为另一人 | Another person
role_not_held | 没有这个角色 | Role not held
role_not_deputable | 该角色不设代办人 | Role has no deputies
role_held | 本来就有这个角色 | Role held already
not_in_office | 不在岗 | Not in office
other_tier | 不在同一层级 | Of another tier
other_office | 不在同一单位 | Of another office
date_order | 日期先后不对 | Dates out of order
digest_differs | 摘要不一致 | Digests differ
division_differs | 区划与所属不一致 | Division of another tenant or office
division_not_for_tier | 该层级不能用这个区划 | Not a division of this tier
division_not_in_force | 区划当日不在有效期内 | Division not in force
division_tier | 区划与层级不符 | Division and tier differ
division_unknown | 没有登记这个区划 | Division not registered
double_ending | 文件名有两个互相掩饰的扩展名 | Two endings of a file that hide each other
duplicate | 重复 | Duplicate
duplicate_date | 日期重复 | Duplicate date
duplicate_document | 文件重复 | Duplicate document
duplicate_key | 同一字段重复出现 | Duplicate key
duplicate_party | 当事人重复 | Duplicate party
duplicate_reason | 理由重复 | Duplicate reason
empty_file | 文件没有内容 | Empty file
executable_content | 文件是程序或脚本 | The file is a program or script
executable_name | 扩展名属于程序或脚本 | Ending of a program or script
external_ref_taken | 外部编号已被使用 | External ref taken
extra_required | 缺少申报要求的内容 | What the round asks for is missing
form_required | 缺少申报表的内容 | A member of the form is missing
funding_amount | 资金来源的金额不对 | Wrong amount of funds
funding_required | 缺少资金来源 | Funding required
funding_source | 资金来源不明 | Unknown source of funds
funding_sum | 资金来源合计与投资不符 | Funds do not add up to the investment
in_future | 晚于申报日期 | Later than the declaration
intranet_not_here | 电子政务内网不在本系统办理 | The government intranet is not served here
invalid_choice | 不在可选值之内 | Not one of the choices
invalid_format | 格式不对 | Invalid format
invalid_key | 公钥无效 | Invalid key
invalid_parameter | 查询参数重复或含有换行 | Invalid parameter
invalid_period | 起止时间不对 | Invalid period
invalid_value | 取值不正确 | Invalid value
issuers_incomplete | 发文机关不全 | Issuing organs incomplete
lines | 行数超过上限 | Too many lines
local_code_not_for_tier | 该层级不用本地代码 | Local code not for tier
local_code_prefix | 本地代码的前缀与区划不符 | Local code begins with another division
local_code_taken | 本地代码已经登记 | Local code taken
maintain_share | 运维部分与性质不符 | Share of maintenance does not fit the kind
maintenance_exceeds | 运维费用超过总投资 | Maintenance exceeds the investment
malformed_json | 不是有效的 JSON | Malformed JSON
malformed_query | 查询参数编码有误 | Malformed query
malformed_yaml | 不是有效的 YAML | Malformed YAML
malware | 文件含病毒特征 | Malware
material_missing | 缺少验收材料 | Material missing
missing_date | 缺少日期 | Missing date
missing_field | 缺少必填项 | Missing field
missing_material | 缺少材料 | Missing material
month_out_of_range | 月份不在范围内 | Month out of range
no_holiday | 没有这个节假日 | No such holiday
no_surplus | 没有应退回的结余 | No surplus to return
no_successor | 没有指定承接者 | No successor named
no_login | 没有评审账号 | Has no login
not_a_deployment | 不是重大部署 | Not a deployment
not_allowed | 只能填所列的值 | Not one of the values allowed
not_an_agency | 不是评估机构 | Not an agency
not_applicable | 不适用 | Not applicable
not_common | 不是公共项目 | Not a common project
project_ended | 项目已经结束 | Project has ended
not_held | 不是本人的岗位 | Not one's own desk
not_of_this_reading | 不属于该条解释 | Not of this interpretation
not_reached | 尚未到该环节 | Not yet at this stage
not_replayable | 不能推演 | Cannot be replayed
not_sign_in_client | 不是登录客户端 | Not a sign-in client
not_valid | 不在聘期内 | Outside the term of appointment
nothing_changed | 没有改动 | Nothing changed
contradiction | 与另一项规定矛盾 | Contradicts another figure
offices_and_reach | 指定单位与可见范围不符 | Offices and reach disagree
one_of | 只能选其一 | Only one of them
opinion_required | 缺少意见 | Opinion required
other_field | 专业领域不符 | Of another field
other_tenant | 属于其他地区 | Of another tenant
out_of_period | 不在期间内 | Outside the period
out_of_range | 超出范围 | Out of range
outside_duties | 不属于本机构的职责 | Outside the duties of this organ
own_employer | 所在单位应当回避 | Employed by a party to the project
panel_fixed | 评审组已经确定 | The panel is fixed
panel_size | 评审人数不合要求 | Wrong number of experts
part_missing | 缺少组成部分 | Part missing
participant_missing | 缺少参建单位 | Participant missing
payee_not_party | 收款方不是合同当事人 | Payee is no party to the contract
plan_part_required | 技术方案缺少组成部分 | Plan part required
plan_required | 缺少技术方案 | Plan required
private_key | 含有私钥，只登记公钥 | Contains a private key
procedures | 手续与建设内容不符 | Procedures do not fit what is built
range | 结束不晚于开始 | End not after the beginning
reason_required | 缺少理由 | Reason required
reference | 不是本系统的编号 | Not an id of this service
repeated | 项目重复 | Project named twice
required | 必须填写 | Required
resolution_in_future | 会议日期晚于今天 | Resolution in future
resolution_required | 缺少集体决策材料 | Resolution required
reuse_answer_required | 缺少对可复用应用的答复 | Reuse answer required
role_not_vouchable | 客户端不能代表该角色 | The client cannot speak for this role
route_changed | 路径已变 | The route has changed
same_key | 与现在的公钥相同 | The same key as now
short_key | RSA 公钥不足 3072 位，又没有理由 | A key too short, without a reason
says_nothing | 没有写明内容 | Says nothing
state | 状态不对 | State does not fit
state_route | 状态与路径不符 | State and route disagree
successor_hidden | 替代应用不可见 | Successor not visible
suspended | 已暂停 | Suspended
text_invalid | 含有不能使用的字符 | Characters that cannot be used
three_organs | 须三家机关联合 | Three organs must issue it together
too_deep | 层次过深 | Too deep
too_large | 内容过大 | Too large
too_long | 超过字数 | Too long
too_many | 超过数量 | Too many
type | 不是所要求的类型 | Not of the type asked for
unexpected | 不应填写 | Unexpected
unfit_successor | 承接者不合适 | Unfit successor
unknown_app | 没有这个应用 | Unknown app
unknown_candidate | 没有这个备选 | Unknown candidate
unknown_claim | 没有这项主张 | Unknown claim
unknown_division | 本地区内没有这个区划 | No such division in this tenant
unknown_entry | 没有这条入库记录 | Unknown entry
unknown_expert | 没有这个专家 | Unknown expert
unknown_field | 不认识的字段 | Unknown field
unknown_indicator | 没有这个指标 | Unknown indicator
unknown_item | 没有这个条目 | Unknown item
unknown_key | 没有这个名称 | Unknown key
unknown_office | 没有这个单位 | Unknown office
unknown_opinion | 没有这条意见 | Unknown opinion
unknown_order | 没有这个整改要求 | Unknown order
unknown_parameter | 不认识的查询参数 | Unknown parameter
unknown_part | 没有这个组成部分 | Unknown part
unknown_plan | 没有这个方案 | Unknown plan
unknown_project | 没有这个项目 | Unknown project
unknown_query | 没有这个询问 | Unknown query
unknown_reading | 没有这条解释 | Unknown reading
unknown_reason | 没有这条理由 | Unknown reason
unknown_record | 没有这条记录 | Unknown record
unknown_tenant | 没有这个地区 | Unknown tenant
unknown_user | 没有这个用户 | Unknown user
unreadable_file | 文件已损坏，不能保存 | The file is damaged
unreadable | 不能读取 | Cannot be read
unsafe_entry | 压缩包内的路径会指向包外 | Path leads out of the archive
unseen_characters | 含不可见的字符 | Invisible characters
unsupported_file | 不接收这种文件 | File of a kind not taken
wrong_organ | 不是该机构 | Not this organ
wrong_template | 不是该类项目的报告 | Report of another kind of project
wrong_type | 类型不对 | Wrong JSON type
wrong_year | 年度不对 | Wrong year
year_range | 年度不在范围内 | Year out of range
wrong_role | 不属于本岗位 | Not this desk
wrong_state | 当前状态不办理 | Not in this state
""",
)  # fmt: skip
