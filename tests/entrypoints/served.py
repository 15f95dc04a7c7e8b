"""The server as users run it: a process of its own, found by the address that it prints."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PATIENCE = 30.0


def crane(*arguments):
    """The command line that a shell would run."""
    return [sys.executable, "-W", "ignore", str(ROOT / "server.py"), *arguments]


def environment(**variables):
    """The environment without settings of the person who runs the tests."""
    clean = {name: text for name, text in os.environ.items() if not name.startswith("CRANE_")}
    return {**clean, **variables}


class Served:
    """A server process, the lines that it has printed, and its address."""

    def __init__(self, process):
        self.process = process
        self.lines = []
        self._until("Stop with")
        self.url = re.search(r"https?://\S+:\d+", self.lines[0])[0]

    def _until(self, beginning):
        deadline = time.monotonic() + _PATIENCE
        text = ""
        while beginning not in text:
            ready, _, _ = select.select([self.process.stdout], [], [], 0.1)
            part = os.read(self.process.stdout.fileno(), 65_536) if ready else b""
            text += part.decode()
            assert part or not ready, self.process.stderr.read()
            assert time.monotonic() < deadline, text
        self.lines = text.splitlines()

    def stop(self):
        """Tell it to end; its exit status and the lines of its log."""
        self.process.terminate()
        return self.ended()

    def ended(self):
        """Wait until it has ended as it was told before; the same."""
        _, log = self.process.communicate(timeout=_PATIENCE)
        return self.process.returncode, log.decode().splitlines()

    def kill(self):
        """End it at once, as a power cut would."""
        self.process.kill()
        self.process.communicate()


@contextmanager
def served(url, *options, **variables):
    """`crane serve` on a free port."""
    process = subprocess.Popen(  # noqa: S603 (ourselves)
        crane("serve", "--port", "0", "--database", url, *options),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(**variables),
    )
    try:
        yield Served(process)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
