"""What runs beside the requests while the application is up: the door, the followers, the workers of this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from litestar import Litestar

from service.catalogue.reuse import warm
from service.documents.bench import FileBench
from service.identity.journal import LoginJournal
from service.identity.revoking import RevocationPoller
from service.kit.api import Services
from service.kit.beside import Beside
from service.kit.jobs import Doorbell
from service.kit.limits import Limits
from service.kit.telemetry import Telemetry
from service.papers.press import Press
from service.rulebook.following import RuleBookFollower
from service.sheets.desk import SheetReader
from service.sheets.running import Workbooks
from service.signin.flow import SignIn

# What is started with the application and stopped with it, in this order and the reverse.
STARTED: tuple[type[Any], ...] = (
    RevocationPoller,
    RuleBookFollower,
    Beside,
    SheetReader,
    Doorbell,
    LoginJournal,
)


def lifespan_of(services: Services) -> Any:
    """Litestar's lifespan: what is on the shelf, opened and started in order, and stopped in the reverse."""

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await asyncio.to_thread(warm)
            telemetry: Telemetry = services.shelf[Telemetry]
            stack.push_async_callback(asyncio.to_thread, telemetry.tracing.stop)
            await services.door.open()
            stack.push_async_callback(services.door.close)
            for kind in STARTED:
                part = services.shelf[kind]
                await part.start()
                stack.push_async_callback(part.stop)
            for closed in (Workbooks, FileBench, Press):
                stack.push_async_callback(services.shelf[closed].close)
            sign_in: SignIn = services.shelf[SignIn]
            await sign_in.providers.outbound.open()
            stack.push_async_callback(sign_in.providers.outbound.close)
            limits: Limits = services.shelf[Limits]
            stack.push_async_callback(limits.stop)
            yield

    return lifespan
