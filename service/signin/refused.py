"""What somebody is told whose sign-in came to nothing: what to do next, and never what was wrong with a token."""

from __future__ import annotations

from service.kit.errors import ServiceError

OVER = ServiceError(400, "sign_in_over", "这次登录已经过期，或者不是从这个浏览器开始的，请重新登录")
REFUSED = ServiceError(403, "sign_in_refused", "统一身份认证的答复没有通过核验，未予登录")
UNKNOWN = ServiceError(
    403, "sign_in_unknown", "身份已经核实，但这里没有登记您，或者没有可以使用的岗位。请联系本单位的管理员"
)
DECLINED = ServiceError(403, "sign_in_refused", "统一身份认证没有同意这次登录，请重新登录")
FACTORS = ServiceError(
    403, "sign_in_factors", "身份已经核实，但登录方式没有达到要求，请用要求的方式（例如双因素）重新登录"
)
AWAY = ServiceError(
    503, "sign_in_away", "统一身份认证暂时没有答复，请稍后再试", headers={"Retry-After": "30"}
)
NOT_ANEW = ServiceError(
    403, "proof_wanted", "统一身份认证没有重新核实您的身份，不能由此结束登录；请联系本单位的管理员"
)
# By the code of what was wrong with the token; all else is REFUSED.
TOLD = {"unknown_person": UNKNOWN, "factors": FACTORS, "not_anew": NOT_ANEW}
