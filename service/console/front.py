"""What the gate knows of the pages: their paths, their headers, who comes with a cookie, how a refusal looks."""

from __future__ import annotations

from collections.abc import MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from litestar import Request, Response

from service.console.pages import HTML, error_page
from service.identity.sessions import Sessions
from service.identity.visitors import Visitor
from service.kit.api import Services
from service.kit.authn import Principal
from service.kit.errors import ServiceError
from service.kit.handler import Rendered
from service.kit.refusals import reading
from service.settings import Settings

ROOT, FILES = "/console", "/console/static/"
_YEAR = 31_536_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'none'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
_EVERY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "content-security-policy": POLICY,
}
_PAGE = [(name.encode(), value.encode()) for name, value in {**_EVERY, "cache-control": "no-store"}.items()]
_FILE = [
    (name.encode(), value.encode())
    for name, value in {**_EVERY, "cache-control": "public, max-age=31536000, immutable"}.items()
]


class Console:
    """The gate's view of the console (kit/gate.py: Front). `secure`: served over https, so with a `__Host-` cookie."""

    def __init__(self, sessions: Sessions, *, secure: bool) -> None:
        self.sessions, self.secure = sessions, secure

    @property
    def cookie_name(self) -> str:
        return "__Host-tongjian" if self.secure else "tongjian"

    def owns(self, path: str) -> bool:
        """Whether the path is a page's or one of its files."""
        return path in (ROOT, "/verify", "/verify/file") or path.startswith(f"{ROOT}/")

    def headers(self, path: str) -> list[tuple[bytes, bytes]]:
        """What every answer of the console carries; a file's name changes with its content, so it keeps for a year."""
        return _FILE if path.startswith(FILES) else _PAGE

    async def visitor(self, scope: MutableMapping[str, Any]) -> Principal | None:
        """Whose session the cookie is; the visitor is left on the scope."""
        if scope["path"].startswith(FILES) or (cookie := self.cookie(scope)) is None:
            return None
        with reading():
            found: Visitor | None = await self.sessions.find(cookie)
        if found is None:
            return None
        scope["tj.visitor"] = found
        return found.principal

    def cookie(self, scope: MutableMapping[str, Any], *, trip: bool = False) -> str | None:
        """The session's cookie as it came, if any; `trip`: that of a sign-in under way."""
        wanted = f"{self.cookie_name}-sso" if trip else self.cookie_name
        for name, value in scope["headers"]:
            if name == b"cookie":
                try:
                    morsel = SimpleCookie(value.decode("latin-1")).get(wanted)
                except CookieError:
                    continue
                if morsel is not None:
                    return str(morsel.value)
        return None

    def set_cookie(self, value: str) -> str:
        """The header that gives a cookie; an empty value takes it back."""
        ends = "; Max-Age=0" if not value else ""
        secure = "; Secure" if self.secure else ""
        return f"{self.cookie_name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{ends}"

    def choice_cookie(self, name: str, value: str) -> str:
        """The header for what somebody chose for this browser, for a year; an empty value forgets it."""
        host, secure = ("__Host-", "; Secure") if self.secure else ("", "")
        kept = f"{value}; Max-Age={_YEAR}" if value else "; Max-Age=0"
        return f"{host}tongjian-{name}={kept}; Path=/; HttpOnly; SameSite=Lax{secure}"

    def trip_cookie(self, value: str) -> str:
        """The header for a sign-in under way; it ends by itself."""
        secure = "; Secure" if self.secure else ""
        return f"{self.cookie_name}-sso={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=600{secure}"

    def response(self, request: Request[Any, Any, Any], error: ServiceError) -> Response[bytes]:
        """The same for Litestar's handlers of exceptions."""
        shown = error_page(request.scope, error)  # type: ignore[arg-type]
        headers = {name: value for name, value in shown.headers.items() if name != "content-type"}
        return Response(shown.body, status_code=shown.status, headers=headers, media_type=HTML)

    def refusal(self, scope: MutableMapping[str, Any], error: ServiceError) -> Rendered:
        """The page of a refusal."""
        return error_page(scope, error)


def console_of(settings: Settings, services: Services, secret: bytes) -> Console:
    """The console of a process: in production over https only, and without the demo's links."""
    sessions = Sessions(
        services.door, services.policy.roles, secret, demo=settings.environment == "development"
    )
    return Console(sessions, secure=settings.production)
