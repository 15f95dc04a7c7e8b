"""After each part of the bench: whether all invariants hold in the books that it has left."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from bench.results import Results

_ROOT = Path(__file__).parents[1]


def check(engine: str, part: str, url: str, results: Results) -> None:
    """Run `crane check` on a database, and put down its verdict and how long it took."""
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, str(_ROOT / "server.py"), "check", "--json", "--database", url],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    if done.returncode not in {0, 1} or not lines:
        raise RuntimeError(done.stdout + done.stderr)
    results.add(engine, f"crane check after {part} s", time.perf_counter() - began)
    holds, told = verdict(lines)
    results.tell(engine, f"crane check after {part}", told, holds=holds)


def verdict(lines: list[str]) -> tuple[bool, str]:
    """Whether all holds, and in a line what was looked at or what does not hold."""
    books = [json.loads(line) for line in lines]
    broken = [
        f"{each['check']}: {each['violations']:,} in {one['organization_id']}"
        for one in books
        for each in one["checks"]
        if not each["holds"]
    ]
    if broken:
        return False, "; ".join(broken)
    looked = sum(each["examined"] for one in books for each in one["checks"])
    checks = sum(len(one["checks"]) for one in books)
    return True, f"{len(books)} organizations, {checks} checks, {looked:,} figures: no violation"
