"""How audited acts are told, where no operation of that name tells it."""

from service.vocabulary.entry import table

AUDIT_ACTS = table(
    "audit_act", "审计动作", "Act of an audit entry that is no operation's of that name", """
login.granted | 登录 | Sign in
login.failed | 登录未成 | Failed sign-in
login.ended | 结束登录 | Sessions ended
webhook.reseal | 重新加密回调签名密钥 | Seal webhook secrets anew
grant.add | 授予角色 | Grant a role
grant.remove | 撤销角色 | Take a role away
grant.withdraw | 收回角色 | Withdraw a role
token.revoke | 吊销令牌 | Revoke tokens
client.refuse | 不予确认客户端 | Refuse a client
issuer.refuse | 不予确认身份系统 | Refuse an identity provider
""",
)  # fmt: skip
AUDIT_VERBS = table(
    "audit_verb", "审计动作中的动词", "Verb of an audit entry's act", """
create | 新增 | Create
edit | 修改 | Edit
confirm | 确认 | Confirm
lock | 锁定 | Lock
unlock | 解除锁定 | Unlock
rotate | 轮换密钥 | Rotate keys
add | 增加 | Add
remove | 去掉 | Remove
end | 终止 | End
delete | 删除 | Delete
import | 导入 | Import
send | 上传 | Send
commit | 确认导入 | Commit
put | 更换 | Put in place
withdraw | 撤回 | Withdraw
request | 申请 | Request
record | 登记 | Record
submit | 提交 | Submit
file | 报备案 | File
approve | 批复 | Approve
disable | 停用 | Disable
enable | 启用 | Enable
redeliver | 重新投递 | Deliver again
""",
)  # fmt: skip
