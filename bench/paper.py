"""What a page of paper costs: `python -m bench.paper` prints milliseconds and megabytes.

Every page has a number of its own, so that typst has not seen it before. Cold is a new process,
from the import of the press to its first page. The documents are those of the suite's own tests
(tests/paper_cases.py).
"""

from __future__ import annotations

import importlib
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from ledger.documents import Document
from resolvers.paper import einvoice, press
from resolvers.paper.page import Page, page_of

PAGES = 60
THREADS = 2
_ROOT = Path(__file__).parents[1]
_COLD = """
import sys, time
sys.path.insert(0, "tests")
import paper_cases
began = time.perf_counter()
from resolvers.paper import press
from resolvers.paper.page import page_of
press.pdf(page_of(paper_cases.german(), paper_cases.copies(), base_currency="EUR"))
print((time.perf_counter() - began) * 1000)
"""


def measure() -> dict[str, float]:
    """Medians in milliseconds by what is printed, pages a second, and peak memory in megabytes."""
    sys.path.insert(0, str(_ROOT / "tests"))
    cases: Any = importlib.import_module("paper_cases")
    copies = cases.copies()

    def made(document: Document, **more: Any) -> Callable[[int], Page]:
        page = page_of(document, copies, base_currency="EUR", **more)
        return lambda number: replace(page, number=f"RE-{number}")

    one, logo = made(cases.german()), made(cases.german(), logo=cases.picture(600, 200))
    forty, most = made(cases.long(40)), made(cases.long(500))
    page_of_hostile = page_of(*cases.hostile(), base_currency="USD")
    return {
        "cold: import and first page, ms": statistics.median(_cold() for _ in range(5)),
        "one page, ms": _median(lambda number: press.pdf(one(number))),
        "one page with a logo, ms": _median(lambda number: press.pdf(logo(number))),
        "two pages of 40 lines, ms": _median(lambda number: press.pdf(forty(number))),
        "500 lines, ms": _median(lambda number: press.pdf(most(number)), 5),
        "hostile texts everywhere, ms": _median(
            lambda number: press.pdf(replace(page_of_hostile, number=str(number))), 5
        ),
        "e-invoice of one page, ms": _median(
            lambda number: einvoice.facturx(
                replace(cases.german(), number=f"RE-{number}"), copies, base_currency="EUR"
            )
        ),
        f"one page on {THREADS} threads, pages a second": _together(one),
        "peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _cold() -> float:
    done = subprocess.run(  # noqa: S603 (this interpreter, with the text above)
        [sys.executable, "-c", _COLD], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def _median(print_one: Callable[[int], object], times: int = PAGES) -> float:
    spent = []
    for number in range(times):
        began = time.perf_counter()
        print_one(number)
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent)


def _together(one: Callable[[int], Page]) -> float:
    """Pages a second when threads print at once: typst runs without the interpreter's lock."""
    with ThreadPoolExecutor(THREADS) as threads:
        began = time.perf_counter()
        printed = list(threads.map(lambda number: press.pdf(one(number)), range(1000, 1200)))
        return len(printed) / (time.perf_counter() - began)


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:44}{figure:10,.1f}")
