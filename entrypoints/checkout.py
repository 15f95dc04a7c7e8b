"""Where credits are paid: a page for people, and a door for what the payment service tells.

    GET  /checkout/{token}     the page of a checkout, by a link of purpose `checkout`
    POST /checkout/{token}     a click on it: where no payment service is set up, this grants
    POST /webhooks/stripe      what Stripe tells, signed by it; a payment grants its credits once

The page has no script and asks nothing of any other host. Neither can be a document of GraphQL:
a browser opens the first, and Stripe decides what the second looks like.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from string import Template
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from entrypoints.documents_page import PAGE_HEADERS
from entrypoints.files import claimed, coded
from entrypoints.refusals import as_json
from ledger.checkouts import CURRENCY, Checkout
from ledger.currencies import CURRENCIES
from ledger.errors import LedgerError, Reason
from ledger.events import Origin
from ledger.money import formatted
from resolvers.credits import complete_checkout, found_checkout
from resolvers.gateways import LocalGateway, Paid, StripeGateway
from resolvers.minting import Mint
from resolvers.outside import CHECKOUT, Outside
from store.engines import Database

_MOST_BYTES = 262_144
_PAGE = Template(
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>$title</title>'
    "<body><main><h1>$title</h1><p>$told</p>$below</main>"
)
_FORM = '<form method="post"><button type="submit">Add the credits</button></form>'
_HEADERS = PAGE_HEADERS | {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
}


class Rooms(Protocol):
    """The parts of the house that these doors lead to."""

    database: Database
    outside: Outside


class CheckoutDoors:
    """The doors of payments; `rooms` are there once the house is open."""

    def __init__(self, rooms: Callable[[], Rooms]) -> None:
        self._rooms = rooms
        self._mint = Mint()

    def routes(self) -> list[Route]:
        """Their addresses."""
        page = coded(self._page, _refused)
        return [
            Route("/checkout/{token}", page, methods=["GET", "POST"]),
            Route("/webhooks/stripe", coded(self._stripe), methods=["POST"]),
        ]

    async def _page(self, request: Request) -> Response:
        rooms = self._rooms()
        claim = claimed(request, rooms.outside, CHECKOUT)
        whose, which = claim.organization_id, claim.subject_id
        if request.method == "POST":
            origin = Origin("link", None, request.state.request_id, "link")
            found = await self._complete(whose, which, _require_local, origin)
        else:
            found = await rooms.database.read(found_checkout, whose, which)
        return HTMLResponse(rendered(found), headers=_HEADERS)

    async def _stripe(self, request: Request) -> Response:
        gateway = self._rooms().outside.gateway
        if not isinstance(gateway, StripeGateway):
            raise LedgerError(
                Reason.NOT_FOUND,
                "This service takes no payments by Stripe.",
                "Set CRANE_STRIPE_KEY and CRANE_STRIPE_WEBHOOK_SECRET, and start it again.",
            )
        signature = request.headers.get("stripe-signature")
        paid = gateway.paid(signature, await _body(request), datetime.now(UTC))
        # A payment that names no checkout was made for something else on the same account.
        if paid is not None and paid.checkout_id:
            origin = Origin("stripe", None, request.state.request_id, "webhook")
            whose, which = paid.organization_id, paid.checkout_id
            await self._complete(whose, which, lambda found: _require_paid(found, paid), origin)
        return JSONResponse({"received": True})

    async def _complete(
        self, whose: str, which: str, require: Callable[[Checkout], None], origin: Origin
    ) -> Checkout:
        return await self._rooms().database.write(
            complete_checkout,
            whose,
            which,
            require=require,
            origin=origin,
            now=datetime.now(UTC),
            mint=self._mint,
        )


def rendered(checkout: Checkout) -> str:
    """The page of a checkout as HTML."""
    number = "1 credit" if checkout.credits == 1 else f"{checkout.credits:,} credits"
    price = formatted(checkout.price_cents, CURRENCIES[CURRENCY])
    if checkout.is_completed:
        title, told = "Thank you", f"{number} were added for {price}."
        below = _way_on(checkout.success_url, "Continue")
    elif checkout.gateway == LocalGateway.name:
        title = f"{number} for {price}"
        told = "No payment service is set up here: nothing is charged, and a click adds them."
        below = _FORM + _way_on(checkout.cancel_url, "Go back")
    else:
        title, told = f"{number} for {price}", "The payment has not arrived yet."
        below = _way_on(checkout.cancel_url, "Go back")
    return _PAGE.substitute(title=title, told=told, below=below)


def _way_on(url: str | None, words: str) -> str:
    return "" if url is None else f'<p><a href="{escape(url)}">{words}</a></p>'


def _require_local(checkout: Checkout) -> None:
    """Raise `not_applicable` for a checkout that is paid elsewhere: here no click is enough."""
    if checkout.gateway != LocalGateway.name:
        raise LedgerError(
            Reason.NOT_APPLICABLE,
            "These credits are not paid for here.",
            "Open the address at which they are: the one that was given when they were ordered.",
        )


def _require_paid(checkout: Checkout, paid: Paid) -> None:
    """Raise `not_applicable` for a payment that is not that of the checkout, or not all of it."""
    told = (paid.reference, paid.price_cents, paid.currency)
    if told != (checkout.reference, checkout.price_cents, checkout.currency):
        raise LedgerError(
            Reason.NOT_APPLICABLE,
            f"The payment {paid.reference[:80]} is not that of checkout {checkout.id}.",
            "Compare it with the order, and grant what was paid for by `crane credits grant`.",
            {"checkout_id": checkout.id},
        )


async def _body(request: Request) -> bytes:
    """The whole body, of which no more is read than anything that Stripe tells has."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > _MOST_BYTES:
            raise LedgerError(
                Reason.REQUEST_TOO_LARGE,
                f"The body is larger than {_MOST_BYTES:,} bytes.",
                "Have Stripe send its events as they are, with thin payloads or single ones.",
                {"allowed": _MOST_BYTES},
            )
        parts.append(part)
    return b"".join(parts)


def _refused(request: Request, error: LedgerError, status: int) -> Response:
    """A refusal as a page for a browser, and for any other client as JSON."""
    if "text/html" not in request.headers.get("accept", ""):
        return as_json(request, error, status)
    said = {"title": escape(error.message), "told": escape(error.suggestion or ""), "below": ""}
    return HTMLResponse(_PAGE.substitute(said), status_code=status, headers=_HEADERS)
