"""Subscriber: the inbox of every recipient."""

from __future__ import annotations

from service.kit.relay import Subscriber
from service.notifications.actions import deliver

notify = Subscriber("notify", lambda event: {each.tenant for each in event.recipients}, deliver)
