"""How often is too often: GCRA buckets, slices of them, and growing waits after failures, over any store.

GCRA keeps one time per bucket (the theoretical arrival time): a request is let in while that lies less than a burst
ahead of now. In Valkey each question is one script, atomic over all instances and by its clock; the same questions
are answered in this process's memory where there is no Valkey (a floor: each process for itself).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from service.kit.rates import SECOND, Rate
from service.kit.valkey import Script, Valkey

# Every time here is in microseconds.
_STALE = 30 * SECOND  # an attempt that never told its end is forgotten
_KNOWN_SECONDS = 86_400


class Bucket(NamedTuple):
    """What is counted, and how much of it is allowed. `name` is the policy's name in the answer's headers."""

    name: str
    key: str
    rate: Rate


class Guard(NamedTuple):
    """Failures of one key: after `free` of them each further one doubles the wait, `base` to `cap` seconds.

    One failure is forgiven every `forgive` seconds, all of them after a success where `resets`. `at_once` may be
    under way while nothing has failed, half as many after each failure: guesses sent all together gain little.
    A guard that `spares` is an address's: it lets those pass that succeeded from there within a day (`known`), and
    its `at_once` stays, since many share it.
    """

    key: str
    free: int
    base: float
    cap: float
    forgive: float
    at_once: int
    resets: bool
    spares: bool


class Refusal(NamedTuple):
    """Which of the buckets or guards refused (its place, buckets first), and for how many seconds."""

    place: int
    wait: float


class Store(Protocol):
    """The questions; each is answered as one step."""

    async def enter(self, buckets: Sequence[Bucket], guards: Sequence[Guard], known: str) -> Refusal | None:
        """Counts one in every bucket and begins an attempt under every guard, or none of it."""

    async def leave(self, guards: Sequence[Guard], known: str, passed: bool | None) -> None:
        """The attempt has ended: passed, failed, or (None) neither."""

    async def lease(self, wanted: Sequence[tuple[Bucket, int]]) -> list[tuple[int, float]]:
        """Takes up to so many of each; with less than asked for, the seconds until a quarter of it is there."""


_NOW = "local t = redis.call('TIME'); local now = t[1] * 1000000 + t[2]\n"
_PUT = """
local function put(key, tat)
  redis.call('SET', key, string.format('%.0f', tat), 'PX', math.ceil((tat - now) / 1000) + 1000)
end
"""
_READ = """
local function read(key, forgive)
  local s = redis.call('HMGET', key, 'n', 'u', 'p', 't', 'l')
  for i = 1, 5 do s[i] = tonumber(s[i] or '0') end
  local forgiven = math.floor((now - s[5]) / forgive)
  s[1], s[5] = math.max(0, s[1] - forgiven), s[5] + forgiven * forgive
  if now - s[4] > 30000000 then s[3] = 0 end
  return s
end
local function write(key, s)
  local f = function(x) return string.format('%.0f', x) end
  redis.call('HSET', key, 'n', f(s[1]), 'u', f(s[2]), 'p', f(s[3]), 't', f(s[4]), 'l', f(s[5]))
  redis.call('PEXPIRE', key, 3600000)
end
"""
_ENTER = Script(
    _NOW
    + _PUT
    + _READ
    + """
local n, a, tats, states = tonumber(ARGV[1]), 2, {}, {}
for i = 1, n do
  local interval, burst = tonumber(ARGV[a]), tonumber(ARGV[a + 1])
  a = a + 2
  tats[i] = math.max(tonumber(redis.call('GET', KEYS[i]) or '0'), now) + interval
  local wait = tats[i] - burst * interval - now
  if wait > 0 then return {i, math.ceil(wait)} end
end
local known = redis.call('EXISTS', KEYS[n + 1]) == 1
for g = n + 2, #KEYS do
  local forgive, most, spares = tonumber(ARGV[a]), tonumber(ARGV[a + 1]), ARGV[a + 2] == '1'
  a = a + 3
  if not (known and spares) then
    local s = read(KEYS[g], forgive)
    if s[2] > now then return {g - 1, math.ceil(s[2] - now)} end
    if not spares then most = math.max(1, math.floor(most / 2 ^ s[1])) end
    if s[3] >= most then return {g - 1, 1000000} end
    states[g] = s
  end
end
for i = 1, n do put(KEYS[i], tats[i]) end
for g, s in pairs(states) do
  s[3], s[4] = s[3] + 1, now
  write(KEYS[g], s)
end
return {0, 0}
"""
)
_LEAVE = Script(
    _NOW
    + _READ
    + """
local a = 2
if ARGV[1] == '1' then redis.call('SET', KEYS[1], '1', 'EX', 86400) end
for g = 2, #KEYS do
  local free, base = tonumber(ARGV[a]), tonumber(ARGV[a + 1])
  local cap, forgive = tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
  local s = read(KEYS[g], forgive)
  s[3] = math.max(0, s[3] - 1)
  if ARGV[1] == '1' and ARGV[a + 4] == '1' then
    s[1], s[2] = 0, 0
  elseif ARGV[1] == '0' then
    s[1], s[5] = s[1] + 1, now
    if s[1] > free then s[2] = now + math.min(cap, base * 2 ^ math.min(40, s[1] - free - 1)) end
  end
  a = a + 5
  write(KEYS[g], s)
end
return 1
"""
)
_LEASE = Script(
    _NOW
    + _PUT
    + """
local out = {}
for i = 1, #KEYS do
  local interval, burst, want = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  local tat = math.max(tonumber(redis.call('GET', KEYS[i]) or '0'), now)
  local there = (now + burst * interval - tat) / interval
  local given = math.max(0, math.min(want, math.floor(there + 0.000001)))
  if given > 0 then put(KEYS[i], tat + given * interval) end
  out[2 * i - 1] = given
  out[2 * i] = math.ceil(math.max(0, (math.max(1, want / 4) - (there - given)) * interval))
end
return out
"""
)


class Shared:
    """The store in Valkey."""

    def __init__(self, valkey: Valkey, prefix: str = "tj:limit:") -> None:
        self._valkey, self._prefix = valkey, prefix

    def _keys(self, *keys: str) -> list[str]:
        # One hash tag: a script's keys must lie together where Valkey is a cluster.
        return [f"{{{self._prefix}}}{key}" for key in keys]

    async def enter(self, buckets: Sequence[Bucket], guards: Sequence[Guard], known: str) -> Refusal | None:
        keys = self._keys(*(each.key for each in buckets), f"known:{known}", *(each.key for each in guards))
        arguments: list[object] = [len(buckets)]
        for bucket in buckets:
            arguments += [bucket.rate.interval, bucket.rate.burst]
        for guard in guards:
            arguments += [guard.forgive * SECOND, guard.at_once, int(guard.spares)]
        which, wait = await self._valkey.run(_ENTER, keys, arguments)
        return Refusal(which - 1, wait / SECOND) if which else None

    async def leave(self, guards: Sequence[Guard], known: str, passed: bool | None) -> None:
        arguments: list[object] = ["" if passed is None else int(passed)]
        for each in guards:
            arguments += [
                each.free,
                each.base * SECOND,
                each.cap * SECOND,
                each.forgive * SECOND,
                int(each.resets),
            ]
        keys = self._keys(f"known:{known}", *(each.key for each in guards))
        await self._valkey.run(_LEAVE, keys, arguments)

    async def lease(self, wanted: Sequence[tuple[Bucket, int]]) -> list[tuple[int, float]]:
        arguments: list[object] = []
        for bucket, count in wanted:
            arguments += [bucket.rate.interval, bucket.rate.burst, count]
        keys = self._keys(*(bucket.key for bucket, _ in wanted))
        flat = await self._valkey.run(_LEASE, keys, arguments)
        return [(given, wait / SECOND) for given, wait in zip(flat[::2], flat[1::2], strict=True)]


class _Failures:
    """What the store keeps of a guarded key: times in microseconds."""

    __slots__ = ("count", "last", "pending", "since", "until")

    def __init__(self) -> None:
        self.count = self.pending = 0
        self.until = self.since = self.last = 0.0

    def settle(self, now: float, guard: Guard) -> None:
        each = guard.forgive * SECOND
        forgiven = int((now - self.last) // each)
        self.count, self.last = max(0, self.count - forgiven), self.last + forgiven * each
        if now - self.since > _STALE:
            self.pending = 0


class Local:
    """The store in this process. `clock` gives seconds that only grow; the least used keys are forgotten first."""

    def __init__(self, clock: Callable[[], float], size: int = 50_000) -> None:
        self._clock, self._size = clock, size
        self._kept: OrderedDict[str, Any] = OrderedDict()

    def _get(self, key: str, default: Any) -> Any:
        found = self._kept.setdefault(key, default)
        self._kept.move_to_end(key)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return found

    async def enter(self, buckets: Sequence[Bucket], guards: Sequence[Guard], known: str) -> Refusal | None:
        now, tats, begun = self._clock() * SECOND, [], []
        for index, bucket in enumerate(buckets):
            interval = bucket.rate.interval
            tats.append(max(self._get(bucket.key, 0.0), now) + interval)
            wait = tats[-1] - bucket.rate.burst * interval - now
            if wait > 0:
                return Refusal(index, wait / SECOND)
        is_known = self._kept.get(f"known:{known}", 0.0) > now
        for index, guard in enumerate(guards, len(buckets)):
            if is_known and guard.spares:
                continue
            state: _Failures = self._get(guard.key, _Failures())
            state.settle(now, guard)
            if state.until > now:
                return Refusal(index, (state.until - now) / SECOND)
            most = guard.at_once if guard.spares else max(1, guard.at_once >> min(state.count, 60))
            if state.pending >= most:
                return Refusal(index, 1.0)
            begun.append(state)
        for bucket, tat in zip(buckets, tats, strict=True):
            self._kept[bucket.key] = tat
        for state in begun:
            state.pending, state.since = state.pending + 1, now
        return None

    async def leave(self, guards: Sequence[Guard], known: str, passed: bool | None) -> None:
        now = self._clock() * SECOND
        if passed:
            self._get(f"known:{known}", 0.0)
            self._kept[f"known:{known}"] = now + _KNOWN_SECONDS * SECOND
        for guard in guards:
            state: _Failures = self._get(guard.key, _Failures())
            state.settle(now, guard)
            state.pending = max(0, state.pending - 1)
            if passed and guard.resets:
                state.count, state.until = 0, 0.0
            elif passed is False:
                state.count, state.last = state.count + 1, now
                if state.count > guard.free:
                    wait = guard.base * 2.0 ** min(40, state.count - guard.free - 1)
                    state.until = now + min(guard.cap, wait) * SECOND

    async def lease(self, wanted: Sequence[tuple[Bucket, int]]) -> list[tuple[int, float]]:
        now, found = self._clock() * SECOND, []
        for bucket, count in wanted:
            interval = bucket.rate.interval
            tat = max(self._get(bucket.key, 0.0), now)
            there = (now + bucket.rate.burst * interval - tat) / interval
            given = max(0, min(count, int(there + 1e-6)))
            self._kept[bucket.key] = tat + given * interval
            found.append((given, max(0.0, (max(1.0, count / 4) - (there - given)) * interval / SECOND)))
        return found
