"""What the worker does for reminders: a maker, a sender, and their own small door, where any channel is set up."""

from __future__ import annotations

from contextlib import AsyncExitStack
from ipaddress import ip_network

from service.identity.revoking import every_tenant
from service.kit.authz import Policy
from service.kit.bench import Bench
from service.kit.call import Services
from service.kit.db import Door
from service.kit.http import Outbound
from service.kit.own_servers import OwnServers
from service.kit.telemetry import Telemetry
from service.reminders.making import Maker, forget_ended
from service.reminders.sending import Key, Sender
from service.reminders.setting_up import channels_of
from service.reminders.transports import Gateway, MailServer, Transport
from service.rulebook.book import RuleBooks
from service.rulebook.following import RuleBookFollower
from service.rulebook.loader import base_divisions, base_rulebook
from service.settings import Settings

# Where the gateway stands the deployment says itself; only our own servers are never posted to.
_ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))


class Reminders:
    """Of one worker; `bench` sends, the two jobs are called again and again."""

    def __init__(self, door: Door, maker: Maker, sender: Sender) -> None:
        self._door, self._maker, self.sender = door, maker, sender
        self.bench: Bench[Key] = Bench(
            "reminders", sender.round, sender.telemetry, limit=8, share=2, owner=lambda key: key[0]
        )

    async def make(self) -> None:
        """What is owed to people becomes messages, and these are rung for."""
        if await self._maker.run():
            await self.sweep()

    async def sweep(self) -> None:
        """What is due is rung for."""
        await self.sender.sweep(self.bench.ring)

    async def forget(self) -> None:
        """Of people who were disabled nothing is kept, nor what was counted on an earlier day."""
        await forget_ended(self._door)


async def reminders_of(
    settings: Settings, door: Door, own: OwnServers, telemetry: Telemetry, stack: AsyncExitStack
) -> Reminders | None:
    """Opened, and closed with the stack; None where this deployment has no channel."""
    channels = channels_of(settings)
    if not channels:
        return None
    # Counting somebody's queues may take a while: it takes no connection from what carries events.
    urls = {"tenant": settings.tenant_url, "province": settings.province_url, "relay": settings.relay_url}
    counting = Door(urls, pool_min=0, pool_max=2)  # type: ignore[arg-type]
    await counting.open()
    stack.push_async_callback(counting.close)
    books = RuleBooks(base_rulebook(), base_divisions())
    follower = RuleBookFollower(counting, books, every_tenant)
    await follower.start()
    stack.push_async_callback(follower.stop)
    transports: dict[str, Transport] = {}
    if "mail" in channels:
        transports["mail"] = MailServer(settings)
    if "gateway" in channels:
        outbound = Outbound(_ANYWHERE, own=own, timeout=float(settings.reminder_timeout_s))
        await outbound.open()
        stack.push_async_callback(outbound.close)
        transports["gateway"] = Gateway(settings, outbound)
    maker = Maker(
        door,
        services_for(counting, books),
        settings.reminders_per_hour,
        f"{settings.issuer.rstrip('/')}/console",
        settings.sandbox,
    )
    patience = float(settings.reminder_timeout_s)
    sender = Sender(door, transports, telemetry, settings.secret_key, patience, settings.sandbox)
    return Reminders(door, maker, sender)


def services_for(door: Door, books: RuleBooks) -> Services:
    """What somebody's queues are counted by, without an application."""
    policy = Policy()
    for line in policy.lines:
        policy.register(line.obj, line.act)
    policy.compile()
    return Services(door, policy, b"", lambda tenant: None, shelf={RuleBooks: books})
