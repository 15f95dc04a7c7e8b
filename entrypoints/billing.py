"""How the service charges, by its settings; what cannot be so is refused before it starts."""

from __future__ import annotations

import logging

from pydantic import SecretStr

from ledger.credits import Billing
from resolvers import credits
from resolvers.gateways import Gateway, LocalGateway, gateway_of
from schema.operation import OPERATIONS
from settings import Settings

logger = logging.getLogger("crane.payments")


def billing_of(settings: Settings) -> Billing:
    """Whether operations are charged, and at which prices.

    Raises `invalid_value` for a price book that cannot be used.
    """
    writing = [name for name, operation in OPERATIONS.items() if operation.kind == "mutation"]
    is_metered = settings.billing == "metered"
    return credits.billing_of(is_metered=is_metered, prices=settings.prices, known=writing)


def payments_of(settings: Settings) -> Gateway:
    """Who takes the money for credits. Raises `invalid_value` when Stripe lacks one secret."""
    gateway = gateway_of(_told(settings.stripe_key), _told(settings.stripe_webhook_secret))
    if settings.billing == "metered" and isinstance(gateway, LocalGateway):
        logger.warning("Credits are had for a click: CRANE_STRIPE_KEY is not set.")
    return gateway


def require_billing(settings: Settings) -> None:
    """Raise what would keep a server with these settings from starting."""
    billing_of(settings)
    gateway_of(_told(settings.stripe_key), _told(settings.stripe_webhook_secret))


def _told(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
