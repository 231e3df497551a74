"""What a process tells of its connections, read when it is asked: no request pays for it."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.kit.db import Door


class Pools(Collector):
    """The door's pools, by login (three): how often somebody had to wait for a connection, how many are lent."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def collect(self) -> Iterator[Metric]:
        """Both families; empty before the door is opened."""
        waits = CounterMetricFamily(
            "tongjian_pool_waits", "Requests that had to wait for a connection", labels=["login"]
        )
        lent = GaugeMetricFamily("tongjian_pool_lent", "Connections in use", labels=["login"])
        for login, lender in self._door.lenders.items():
            waits.add_metric([login], float(sum(lender.waits.values())))
            lent.add_metric([login], float(sum(lender.held.values())))
        yield waits
        yield lent
