"""Problem codes (RFC 9457): what a refused request is called."""

from service.vocabulary.entry import table

ERRORS = table(
    "error", "错误代码", "Problem code", """
action_not_allowed | 案卷现在不能办理此事项 | Not open now
active_content | 文件含会自动运行的内容，或本身是程序 | Active content
adopted_twice | 两个单位都在使用同一应用 | Both offices use the same app
already_adopted | 本单位对该应用已有在办的申请或正在使用 | Already asked for or in use
already_answered | 该询问已经答复 | Already answered
already_decided | 已经作出决定 | Already decided
already_invited | 已就同一任务邀请该地方 | Already invited
already_proposed | 该年度的建议已经提出 | Already proposed
already_registered | 文件中的项目已经登记过 | Already registered
already_reported | 该期已经报告 | Already reported
already_reviewed | 已经审核过 | Already reviewed
already_scored | 评分已经提交，不能更改 | Already scored
already_signed | 已会签该版本（第十二条） | Already signed
amendment_decided | 该修改已有决定 | Amendment decided
amendment_late | 生效日已过 | Its day has passed
amendment_strands | 有案卷按此过渡办法无法继续办理 | The amendment would strand cases
app_not_available | 该应用已停用或即将停用 | The app is not available
appraisal_closed | 本次论证评估已不再办理该事项 | The appraisal is closed to this
bad_request | 请求有误 | Bad request
before_first_rules | 该日期早于规则库的起始日 | Before first rules
below_issued | 变更后的总额低于已下达预算 | Below the budget issued
busy | 记录正在被其他请求修改 | The record is being changed
calendar_changed | 该年度日历已存在或已被更新 | The calendar has changed
cannot_be_checked | 过于复杂，无法完成涉密检查 | Could not be checked for classified material
case_closed | 项目已结束 | Case closed
classified_material | 含涉密内容或密级标识，不受理、不保存 | Classified material, neither taken nor kept
clock_backwards | 时钟只能向后拨 | The clock only moves forward
client_exists | 本地区内已有这个编号的客户端 | Client exists
conflict | 与已有记录重复 | Collides with a record
cross_site | 提交不是从本系统的页面发出的 | Sent from another site
cursor_ahead | 游标超出事件流的末尾 | Cursor beyond the end of the feed
cursor_gone | 游标之后的事件已超过保存期 | Events after the cursor are no longer kept
document_sealed | 已提交的附件不能删除 | Attachment of a submitted text
draft_exists | 该项目已有对应的共享应用 | An app was drafted already
draft_in_use | 草稿已加入跨层级协同或正在清除，不能删除 | The draft is in use
endpoint_disabled | 回调地址已停用 | Endpoint disabled
evidence_too_large | 附件合计超过一个证据包的上限 | Evidence too large
expert_exists | 该账号已在专家库中 | Expert exists
expert_not_suspended | 该专家没有暂停 | Expert not suspended
expert_suspended | 该专家已经暂停 | Expert suspended
external_ref_fixed | 已申报项目的外部编号不能再改 | The external reference is fixed
external_ref_taken | 该外部编号已被本地区的另一个项目使用 | The external reference is taken
file_unavailable | 文件暂时无法读取或与摘要不符 | File unavailable
forbidden | 不在当前岗位的权限内 | Not this desk's
force_majeure_open | 上一次不可抗力尚未登记结束 | Earlier force majeure has not ended
framework_changed | 框架方案已改动 | The framework has changed
framework_exists | 该项目已有框架方案 | Framework exists
gate_shut | 前置条件未满足 | A precondition is not met
gone | 已不再提供 | No longer served
headers_too_large | 请求头过大 | Headers too large
idempotency_in_flight | 同一请求正在处理 | The same request is under way
idempotency_key_invalid | Idempotency-Key 不合要求 | Idempotency key invalid
idempotency_key_required | 接口客户端的写操作须携带 Idempotency-Key | Idempotency key required
idempotency_key_reused | 该键已用于内容不同的请求 | The key stands for another request
if_match_invalid | If-Match 不是带引号的 ETag | If-Match is no quoted ETag
if_match_required | 缺少 If-Match | If-Match is missing
hand_over_used | 入口已经用过或者过期 | Used up or too late
incomplete_request | 请求内容未传完 | Incomplete request
intake_closed | 不在征集期内 | Outside the yearly round
intake_kind | 本年度申报通知不征集该类项目 | The round does not ask for this kind
internal | 服务内部错误，已记录 | Internal error
interpretation_conflict | 同一条解释刚有新的登记 | Another interpretation was just recorded
intranet_not_here | 电子政务内网不在本系统办理，不保存 | The government intranet is not served here
issuer_exists | 本地区内已有这个编号的身份系统 | Identity provider exists
invalid_body | 内容未通过校验 | The body did not pass
invalid_client | 客户端身份未获确认 | Invalid client
invalid_cursor | 翻页游标不是本接口给出的 | Invalid cursor
invalid_grant | 授权未被接受 | Invalid grant
invalid_query | 查询参数有误 | A query parameter is wrong
invalid_request | 令牌请求有误 | Invalid request
invalid_value | 取值无法保存 | Invalid value
deputation_over | 该代办已经结束 | Deputation is over
deputy_away | 代办人或缺席人自己在代办关系中 | Deputy or absent person is in another deputation
deputy_named | 该岗位这些日子已有代办人 | Deputy named already
last_holder | 办理后有岗位无人在岗 | A desk would be left empty
lead_not_declared | 牵头项目尚未报出 | The lead has not declared
login_taken | 本地区内已有这个登录名 | Login taken
malformed_form | 表单内容无法读取 | Malformed form
malformed_json | 不是有效的 JSON（UTF-8） | Malformed JSON
malformed_query | 地址中的参数无法读取 | Malformed query
malformed_request | 不是有效的 HTTP 请求 | Malformed HTTP request
malware | 文件含病毒特征 | Malware
method_not_allowed | 该地址不支持此方法 | Method not allowed
need_not_required | 低于省级限额，不报送需求 | Under the limit: no need to report
not_batchable | 该操作须逐件判断，不能成批办理 | Not to be done in a batch
not_acceptable | 无法提供所要求的格式 | Not acceptable
not_found | 未找到该记录，或当前身份不可见 | Not found, or not visible
not_holder | 案卷不在本环节 | Another desk holds the pen
not_invited | 本次联合会审没有邀请该部门 | Not invited
not_joint | 不是跨部门共建项目 | Not a joint project
not_ready | 暂不能受理请求 | Not ready
not_your_appraisal | 由受委托的评估机构办理 | Not your appraisal
not_your_order | 由提出整改要求的机构办理 | Not your order
nothing_pending | 没有待确认的事项 | Nothing pending
nothing_to_join | 类别疑点没有需要合并的项目 | Nothing to join
nothing_to_verify | 没有待核实的提醒地址 | No address to be proved
office_exists | 单位或本地代码已经登记 | Office exists
office_not_empty | 该单位名下还有在办事项 | The office still has business
office_succeeded | 该单位已由其他单位承接 | Another office has succeeded it
opinion_required | 须逐条表明意见 | Opinion required
opinions_missing | 会审意见尚未齐全 | Opinions missing
order_not_answered | 期限未到且尚未报告整改 | Neither due nor answered
out_of_scope | 不属于适用范围 | Out of scope
overlay_not_standing | 该日没有本市自行设置的值 | No setting stands that day
own_account | 不能停用、调动或锁定本人的账号 | Not on one's own account
own_grants | 不能变更本人的角色 | Not one's own roles
own_office | 不能撤并本人所在的单位 | Not one's own office
panel_full | 专家已经抽足 | The panel is full
no_office | 须由单位的人员办理 | Belongs to an office
no_own_template | 没有使用自己的模板 | No template of one's own stands
paper_withdrawn | 文书所据的案卷已清除 | The case behind the paper was erased
participant_missing | 申报的参建部门没有列入框架方案 | Participant missing
plan_open | 已有一个正在办理的新版本 | A new version is under way
plan_superseded | 方案已被替代 | The plan was superseded
pool_exhausted | 专家库中符合条件的专家不足 | Too few experts
project_not_accepted | 项目尚未通过竣工验收 | Project not accepted
proof_wanted | 请先再证明一次身份 | Prove who you are first
rate_limited | 请求过于频繁，请按 Retry-After 等待后再试 | Too many requests
reach_narrowed | 已全省公开的应用不能缩小可见范围 | Reach cannot be narrowed
reason_refused | 有理由未获认可 | A reason was not accepted
reason_required | 须逐条说明理由 | Reasons are missing
request_timeout | 请求头或请求内容未在规定时间内传完 | Request timeout
reuse_answer_required | 有可复用的应用或项目尚未答复 | Answers to what could be reused are missing
review_not_open | 没有进行中的联合会审 | No joint review under way
revocations_stale | 暂时无法核对令牌是否已吊销 | Revocations cannot be read
role_not_for_tier | 该角色不属于这一层级 | Role not for tier
roles_exclude_each_other | 互相制约的角色不能由同一人担任 | Roles exclude each other
roles_not_for_tier | 新单位的层级没有该用户现有的角色 | Roles not for tier
round_changed | 同一年度的通知刚被更改 | The yearly round has changed
round_decided | 该申报要求已经确认或退回 | The yearly requirements were decided
round_open | 征集尚未截止 | The yearly round has not closed
round_too_late | 施行日已过，不能追溯 | Not to be applied to the past
route_changed | 按现在的事实路径已变 | The route has changed
rulebook_changed | 规则库在预览之后已有变动 | Rules changed since the preview
same_organ | 须由提出机关以外的机关确认 | Another organ must confirm
same_person | 须由另一人办理 | Another person must act
scores_missing | 专家评分尚未齐全 | Scores missing
session_over | 登录已过期 | The session is over
sign_in_away | 统一身份认证暂时没有答复 | The identity provider does not answer
sign_in_client | 登录客户端只能修改名称和登录人 | A sign-in client
sign_in_factors | 登录方式没有达到要求 | Not signed in by the way asked for
sign_in_over | 登录已过期，请重新登录 | Sign-in over
sign_in_refused | 统一身份认证的答复未予采信 | Sign-in refused
sign_in_unknown | 身份已核实，但未登记或没有岗位 | Known there, not here
signatures_missing | 尚有参建部门未会签 | Signatures missing
spill_confirmed | 已经确认 | Purge already confirmed
spill_open | 已有未办结的清除申请 | A purge is already under way
stale_version | 记录已被更新 | The record has changed
standard_conflict | 刚有另一版发布 | Another standard was just set
still_adopted | 仍有单位在用或待开通 | Still in use
suspicion_decided | 该疑点当前的状态不能办理此事项 | Not open in the state of the suspicion
token_expired | 访问令牌已过期 | Token expired
token_invalid | 访问令牌无效 | Token invalid
token_missing | 缺少访问令牌 | No token
token_revoked | 访问令牌已被吊销 | Token revoked
too_large | 请求内容超过上限 | Too large
too_many_codes | 验证码发送过于频繁 | Too many codes
too_many_connections | 连接数已达上限，请稍后重试 | Too many connections
too_many_documents | 附件数量超过上限 | Too many documents
too_many_endpoints | 回调地址的数量已达上限 | Too many endpoints
unavailable | 服务暂不可用 | Not available now
unknown_operation | 没有这项操作 | No such operation
unknown_reference | 引用的记录不存在 | Unknown reference
unknown_version | 没有这个版本的规则库 | Unknown version
unsafe_name | 文件名会掩饰其真实类型 | File name hides its kind
unsupported_grant_type | 不支持这种授权方式 | Unsupported grant type
unsupported_media_type | 请求内容应为 application/json | Unsupported media type
uri_too_long | 请求地址超过 8 KB | Address too long
weak_etag | If-Match 只含弱标签 | A weak ETag does not count
workbook_gone | 表格内容已不再保存 | The workbook is no longer kept
workbook_state | 表格目前的状态不允许该操作 | Not in this state of the workbook
second_person_required | 须由另一人确认 | Another person must confirm
wrong_source | 资金由同级财政下达 | Another treasury's money
""",
)  # fmt: skip
