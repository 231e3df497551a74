"""What is needed to say what somebody may see: who asks, when, and the services; a Call is one, a job may make one."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from service.kit.call import Services
from service.kit.principal import Principal

T = TypeVar("T")


class Asking(Protocol):
    """As `kit.call.Call` is read by what counts and filters for a person."""

    @property
    def principal(self) -> Principal: ...

    @property
    def services(self) -> Services: ...

    @property
    def now(self) -> datetime: ...

    def service(self, kind: type[T], /) -> T: ...


class Asker(NamedTuple):
    """Somebody for whom a job asks, without a request."""

    principal: Principal
    services: Services
    now: datetime

    def service(self, kind: type[T], /) -> T:
        """A service by its type."""
        found: T = self.services.shelf[kind]
        return found
