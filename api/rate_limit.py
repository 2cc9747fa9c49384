"""How often somebody may try: counts in a sliding window, in memory, without keeping addresses."""

from __future__ import annotations

import hmac
import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from api.problems import Problem

MOST_KEYS = 10_000  # then the oldest are forgotten: memory stays bounded under an attack


@dataclass
class RateLimit:
    """At most `most` tries in `window_s` seconds for each key.

    >>> limit = RateLimit("x", most=1, window_s=10, clock=lambda: 0)
    >>> limit.wait_s("somebody"), limit.wait_s("somebody")
    (0, 10)
    """

    name: str
    most: int
    window_s: float
    clock: Callable[[], float] = monotonic
    _tries: dict[bytes, deque[float]] = field(default_factory=dict)
    _salt: bytes = field(default_factory=lambda: os.urandom(16))

    def wait_s(self, key: str) -> float:
        """Count a try; return 0, or the seconds to wait where there were too many."""
        now = self.clock()
        name = hmac.digest(self._salt, key.encode(), "sha256")
        tries = self._tries.pop(name, None) or deque()
        while tries and tries[0] <= now - self.window_s:
            tries.popleft()
        self._tries[name] = tries  # youngest last
        if len(self._tries) > MOST_KEYS:
            del self._tries[next(iter(self._tries))]
        if len(tries) >= self.most:
            return tries[0] + self.window_s - now
        tries.append(now)
        return 0

    def require(self, key: str) -> None:
        """Raise Problem 429 where somebody tries too often."""
        if wait_s := self.wait_s(key):
            raise Problem(
                429,
                "too-often",
                f"{self.name}: at most {self.most} in {self.window_s / 60:.0f} minutes; "
                f"try again in {wait_s / 60:.0f} minutes",
                headers={"Retry-After": str(int(wait_s) + 1)},
            )
