"""Gateways: who takes the money for credits.

Stripe's Checkout, over its HTTP API, where the service has a key to it: credits are granted by
what Stripe itself tells, signed, and by nothing else. Else a page of this service that takes no
money, and grants on a click: for development.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import httpx2

from ledger.checkouts import Checkout
from ledger.errors import LedgerError, Reason

logger = logging.getLogger("crane.payments")

STRIPE = "https://api.stripe.com"
STRIPE_VERSION = "2024-06-20"
TIMEOUT_SECONDS = 10
TOLERANCE_SECONDS = 300
"""How old what Stripe tells may be: somebody might have kept it to tell it again."""

_MOST_SIGNATURES = 10


@dataclass(frozen=True, slots=True)
class Session:
    """Where a checkout is paid: an address, and the gateway's own name for it."""

    url: str
    reference: str | None = None


class Gateway(Protocol):
    """Takes payments; `name` says which one has taken a payment."""

    name: str

    async def open(self, checkout: Checkout, page: str, email: str | None) -> Session:
        """Begin a payment: the same one, however often it is asked for the same checkout.

        `page` is the address of the checkout at this service. Raises `busy` when it cannot be
        begun now.
        """


class LocalGateway:
    """The page of this service: no money is taken, a click is enough."""

    name = "local"

    async def open(self, checkout: Checkout, page: str, email: str | None) -> Session:
        """The page itself."""
        del checkout, email
        return Session(page)


@dataclass(frozen=True, slots=True)
class Paid:
    """What Stripe tells of a payment: which checkout of whom was paid, under which reference."""

    organization_id: str
    checkout_id: str
    reference: str
    price_cents: int
    currency: str


class StripeGateway:
    """Stripe's Checkout, asked with a secret key, and believed by the secret of its webhook."""

    name = "stripe"

    def __init__(self, key: str, webhook_secret: str) -> None:
        self._key = key
        self._webhook_secret = webhook_secret
        self._url = STRIPE

    async def open(self, checkout: Checkout, page: str, email: str | None) -> Session:
        """A session of Stripe's Checkout, which lasts as long as the checkout."""
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Idempotency-Key": f"{checkout.organization_id}.{checkout.id}",
            "Stripe-Version": STRIPE_VERSION,
        }
        form = _form(checkout, page) | ({} if email is None else {"customer_email": email})
        try:
            async with httpx2.AsyncClient(base_url=self._url, timeout=TIMEOUT_SECONDS) as http:
                answer = await http.post("/v1/checkout/sessions", data=form, headers=headers)
        except httpx2.HTTPError as error:
            logger.warning("Stripe has not answered: %s.", type(error).__name__)
            raise _unreachable() from error
        return _session(answer)

    def paid(self, signature: str | None, body: bytes, now: datetime) -> Paid | None:
        """What a call of the webhook tells of a payment; None when it tells of anything else.

        Raises `invalid_request` when Stripe has not signed it, or longer ago than five minutes.
        """
        self._require_signed(signature or "", body, now)
        try:
            event = json.loads(body)
            kind, session = event["type"], event["data"]["object"]
            if kind not in _PAYMENTS or session["payment_status"] != "paid":
                return None
            named = session["metadata"] or {}
            return Paid(
                str(named.get("organization_id", "")),
                str(named.get("checkout_id", "")),
                str(session["id"]),
                int(session["amount_total"]),
                str(session["currency"]).upper(),
            )
        except (ValueError, KeyError, TypeError) as error:
            cause = "What the payment service tells cannot be read."
            raise _unsigned(cause) from error

    def _require_signed(self, signature: str, body: bytes, now: datetime) -> None:
        parts = [part.partition("=") for part in signature.split(",")[:_MOST_SIGNATURES]]
        moments = [value for name, _, value in parts if name.strip() == "t"]
        moment = moments[0] if len(moments) == 1 else ""
        is_moment = moment.isascii() and moment.isdecimal()
        right = self._signature(moment, body)
        given = [value.encode() for name, _, value in parts if name.strip() == "v1"]
        if not (is_moment and any(hmac.compare_digest(each, right) for each in given)):
            raise _unsigned("The payment service has not signed this.")
        if abs(now.timestamp() - int(moment[:_LONGEST_MOMENT])) > TOLERANCE_SECONDS:
            raise _unsigned("The payment service has signed this too long ago.")

    def _signature(self, moment: str, body: bytes) -> bytes:
        said = f"{moment}.".encode() + body
        return hmac.new(self._webhook_secret.encode(), said, hashlib.sha256).hexdigest().encode()


def _session(answer: httpx2.Response) -> Session:
    """What Stripe has answered; that it could not is our trouble, and told to the log alone."""
    try:
        told = answer.raise_for_status().json()
        url, reference = told["url"], told["id"]
        if isinstance(reference, str) and isinstance(url, str) and url.startswith("http"):
            return Session(url, reference)
        cause = "no address"
    except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
        cause = type(error).__name__
    number = answer.headers.get("request-id")
    logger.error("Stripe began no payment: %s, %s, %s.", answer.status_code, cause, number)
    raise _unreachable()


_LONGEST_MOMENT = 12
_PAYMENTS = {"checkout.session.completed", "checkout.session.async_payment_succeeded"}


def gateway_of(key: str | None, webhook_secret: str | None) -> Gateway:
    """Stripe, where there is a key to it and the secret of its webhook; else our own page.

    Raises `invalid_value` when there is only one of the two: then nothing could ever be granted.
    """
    if key and webhook_secret:
        return StripeGateway(key, webhook_secret)
    if key or webhook_secret:
        raise LedgerError(
            Reason.INVALID_VALUE,
            "Stripe needs both its secret key and the signing secret of its webhook.",
            "Set CRANE_STRIPE_KEY and CRANE_STRIPE_WEBHOOK_SECRET, or neither.",
        )
    return LocalGateway()


def _form(checkout: Checkout, page: str) -> dict[str, str]:
    """What Stripe is asked for, in the form that it reads."""
    named = {"organization_id": checkout.organization_id, "checkout_id": checkout.id}
    return {
        "mode": "payment",
        "client_reference_id": checkout.id,
        "success_url": checkout.success_url or page,
        "cancel_url": checkout.cancel_url or page,
        "expires_at": str(int(checkout.expires_at.timestamp())),
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": checkout.currency.lower(),
        "line_items[0][price_data][unit_amount]": str(checkout.price_cents),
        "line_items[0][price_data][product_data][name]": f"{checkout.credits:,} credits",
        **{f"metadata[{name}]": value for name, value in named.items()},
        **{f"payment_intent_data[metadata][{name}]": value for name, value in named.items()},
    }


def _unreachable() -> LedgerError:
    return LedgerError(
        Reason.BUSY,
        "The payment service cannot be reached now; nothing was charged.",
        "Try again in a moment, with the same idempotency key.",
    )


def _unsigned(cause: str) -> LedgerError:
    return LedgerError(
        Reason.INVALID_REQUEST,
        cause,
        "Check the signing secret of the webhook, CRANE_STRIPE_WEBHOOK_SECRET.",
    )
