"""New identifiers and keys: the only place with randomness."""

from __future__ import annotations

import random
import secrets
import threading
import time

from ledger import ids, keys


class Mint:
    """Makes identifiers that sort by creation, also within one millisecond."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = 0
        self._random = 0
        self._steps = random.Random(secrets.randbits(64))  # noqa: S311 (ids are no secrets)

    def __call__(self, prefix: str) -> str:
        """A new identifier for the noun that `prefix` (`act_`) names."""
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._millisecond:
                self._millisecond = now
                self._random = secrets.randbelow(ids.RANDOM_LIMIT // 2)
            else:
                self._random += 1 + self._steps.getrandbits(20)
            return ids.make(prefix, self._millisecond, self._random)


def new_key(*, live: bool) -> str:
    """A new API key; the only time that it is seen whole."""
    return keys.seal(live=live, secret=secrets.randbelow(keys.SECRET_LIMIT))
