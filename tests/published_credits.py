"""The operations on credits as the API's documentation publishes them, word for word."""

from __future__ import annotations

CREDIT_BALANCE = "query { creditBalance { creditsRemaining creditsTotal autoRechargeEnabled } }"
CREDIT_PACKAGES = "query { creditPackages { packageType credits name priceUsd } }"
PURCHASE_CREDITS = (
    "mutation PurchaseCredits($creditAmount: Int!, $successUrl: String, $cancelUrl: String) "
    "{ purchaseCredits( creditAmount: $creditAmount successUrl: $successUrl "
    "cancelUrl: $cancelUrl ) { checkoutUrl creditsToAdd priceCents expiresAt } }"
)
