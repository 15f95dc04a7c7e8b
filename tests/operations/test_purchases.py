"""Buying credits: ordered over the API, paid somewhere else, granted once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from asking import Case, all_refused, key_of, refused
from crediting import PURCHASE, grant, left, metered, require_books_of_credits_to_balance
from entering import contents, events, unhealthy
from fake_stripe import KEY, SECRET, signed, stripe, told
from published_credits import CREDIT_BALANCE, CREDIT_PACKAGES, PURCHASE_CREDITS

from ledger.errors import LedgerError
from ledger.keys import Scope
from resolvers import gateways
from resolvers.gateways import LocalGateway, StripeGateway, gateway_of
from store import organizations

HOUR = timedelta(hours=1)


@pytest.fixture
async def house(engine, databases):
    """A service that takes no payments: its own page adds credits on a click."""
    async with metered(await databases.new(engine), public_url="http://test") as started:
        yield started


@pytest.fixture
def bank(monkeypatch):
    with stripe() as server:
        monkeypatch.setattr(gateways, "STRIPE", server.url)
        yield server


@pytest.fixture
async def shop(engine, databases, bank):
    """A service whose payments Stripe takes."""
    settings = {"stripe_key": KEY, "stripe_webhook_secret": SECRET, "public_url": "http://test"}
    async with metered(await databases.new(engine), **settings) as started:
        yield started


async def order(client, **given):
    found = await client.ask(PURCHASE, **({"creditAmount": 1_000} | given))
    return found["purchaseCredits"]


async def tell(house, body, **more):
    return await house.http.post("/webhooks/stripe", content=body, headers=signed(body, **more))


def kinds(history):
    return [row["type"] for row in history if row["entity_type"] in {"credits", "checkout"}]


# Without a payment service


async def test_balance_and_packages_are_shown_as_published(house, books):
    await grant(house, books, 7)
    assert (await books.ask(CREDIT_BALANCE))["creditBalance"] == {
        "creditsRemaining": 7,
        "creditsTotal": 7,
        "autoRechargeEnabled": False,
    }
    assert (await books.ask(CREDIT_PACKAGES))["creditPackages"][0] == {
        "packageType": "SOLO_DEV",
        "credits": 1_000,
        "name": "Solo Dev",
        "priceUsd": "10.00",
    }


async def test_the_published_purchase_is_answered_as_published(house, books):
    given = {"creditAmount": 1_000, "successUrl": "https://a.example.com/", "cancelUrl": None}
    found = (await books.ask(PURCHASE_CREDITS, **given))["purchaseCredits"]
    assert found.pop("checkoutUrl").startswith("http://test/checkout/org_")
    expires_at = datetime.fromisoformat(found.pop("expiresAt"))
    assert 11 * HOUR < expires_at - datetime.now(expires_at.tzinfo) <= 12 * HOUR
    assert found == {"creditsToAdd": 1_000, "priceCents": 1_000}


async def test_a_click_on_our_page_grants_what_was_ordered_once(house, books):
    found = await order(books, packageType="BUILDER", creditAmount=None)
    assert (found["creditsToAdd"], found["priceCents"]) == (5_000, 5_000)
    assert await left(books) == 0
    page = await house.http.get(found["checkoutUrl"])
    assert (page.status_code, await left(books)) == (200, 0)
    for _ in range(2):
        page = await house.http.post(found["checkoutUrl"])
        assert page.status_code == 200
        assert "5,000 credits were added for $50.00." in page.text
        assert await left(books) == 5_000
    history = await events(books, house)
    assert kinds(history) == ["checkout.opened", "credits.granted", "checkout.completed"]
    granted = next(row for row in history if row["type"] == "credits.granted")
    assert (granted["actor"], granted["protocol"]) == ("link", "link")
    assert granted["after"]["credits"] == 5_000
    assert granted["after"]["source"] == "purchase"
    assert granted["after"]["package"] == "builder"
    assert granted["after"]["price_cents"] == 5_000
    assert await unhealthy(books) == []


async def test_what_cannot_be_ordered_is_refused_by_what_is_wrong(house, books):
    amount, url = "creditAmount", "successUrl"
    cases = [
        ({}, amount),
        ({amount: 100, "packageType": "SCALE"}, amount),
        ({amount: 0}, amount),
        ({amount: -100}, amount),
        ({amount: 10_000_000}, amount),
        ({amount: 100, url: "javascript:alert(1)"}, url),
        ({amount: 100, "cancelUrl": "nowhere"}, "cancelUrl"),
    ]
    table = [Case(PURCHASE, "invalid_value", field, given) for given, field in cases]
    await all_refused(house, books, table)


async def test_a_key_that_may_write_may_order_and_one_that_may_read_may_not(house, books):
    reader = await key_of(books, house, Scope.READ)
    writer = await key_of(books, house, Scope.WRITE)
    assert (await refused(house, reader, PURCHASE, creditAmount=100)).reason == "forbidden"
    assert (await order(writer))["creditsToAdd"] == 1_000


async def test_a_dry_run_orders_nothing_and_a_replay_nothing_more(house, books):
    before = await contents(house)
    tried = await order(books, dryRun=True)
    assert (tried["checkoutUrl"], tried["creditsToAdd"]) == (None, 1_000)
    assert await contents(house) == before
    first = await order(books, idempotencyKey="order 1")
    assert await order(books, idempotencyKey="order 1") == first
    assert len((await contents(house))["checkout"]) == 1


# Stripe


async def test_stripe_is_asked_for_a_session_with_all_that_it_must_know(shop, bank):
    books = await shop.organization()
    billing = 'mutation { updateBilling(billingEmail: "ann@example.com") { version } }'
    await books.ask(billing)
    urls = {"successUrl": "https://a.example.com/yes", "cancelUrl": "https://a.example.com/no"}
    found = await order(books, creditAmount=2_500, **urls)
    assert found["checkoutUrl"] == bank.session["url"]
    ((path, headers, form),) = bank.asked
    (row,) = (await contents(shop))["checkout"]
    named = {"organization_id": books.organization_id, "checkout_id": row[1]}
    expires_at = datetime.fromisoformat(found["expiresAt"])
    assert path == "/v1/checkout/sessions"
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["idempotency-key"] == ".".join(named.values())
    assert headers["stripe-version"] == gateways.STRIPE_VERSION
    assert form == {
        "mode": "payment",
        "client_reference_id": named["checkout_id"],
        "customer_email": "ann@example.com",
        "success_url": urls["successUrl"],
        "cancel_url": urls["cancelUrl"],
        "expires_at": str(int(expires_at.timestamp())),
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "usd",
        "line_items[0][price_data][unit_amount]": "2500",
        "line_items[0][price_data][product_data][name]": "2,500 credits",
        **{f"metadata[{name}]": value for name, value in named.items()},
        **{f"payment_intent_data[metadata][{name}]": value for name, value in named.items()},
    }


async def test_without_addresses_of_the_callers_own_a_payer_comes_back_to_our_page(shop, bank):
    books = await shop.organization()
    await order(books)
    ((_, _, form),) = bank.asked
    assert form["success_url"] == form["cancel_url"]
    assert "customer_email" not in form
    page = await shop.http.get(form["success_url"])
    assert "The payment has not arrived yet." in page.text
    assert "<form" not in page.text
    # A click on it grants nothing, whoever makes one.
    clicked = await shop.http.post(form["success_url"], headers={"Accept": "text/html"})
    assert (clicked.status_code, await left(books)) == (422, 0)
    assert "not paid for here" in clicked.text
    assert (await tell(shop, told(bank.session))).status_code == 200
    page = await shop.http.get(form["success_url"])
    assert "1,000 credits were added for $10.00." in page.text


async def test_credits_are_granted_when_stripe_tells_of_the_payment_and_once(shop, bank):
    books = await shop.organization()
    await order(books)
    assert await left(books) == 0
    body = told(bank.session)
    answers = [await tell(shop, body) for _ in range(2)]
    answers += await asyncio.gather(*(tell(shop, body) for _ in range(4)))
    # Another event of the same session.
    later = told(bank.session, "checkout.session.async_payment_succeeded")
    answers.append(await tell(shop, later))
    assert [(a.status_code, a.json()) for a in answers] == [(200, {"received": True})] * 7
    assert await left(books) == 1_000
    history = await events(books, shop)
    assert kinds(history) == ["checkout.opened", "credits.granted", "checkout.completed"]
    granted = next(row for row in history if row["type"] == "credits.granted")
    assert (granted["actor"], granted["protocol"]) == ("stripe", "webhook")
    assert granted["after"]["reference"] == bank.session["id"]
    assert await unhealthy(books) == []
    await require_books_of_credits_to_balance(shop)


async def test_at_once_in_many_deliveries_it_is_granted_once(shop, bank):
    books = await shop.organization()
    await order(books)
    answers = await asyncio.gather(*(tell(shop, told(bank.session)) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert await left(books) == 1_000


async def test_a_payment_that_is_not_there_yet_grants_nothing(shop, bank):
    books = await shop.organization()
    await order(books)
    before = await contents(shop)
    for body in (
        told(bank.session, payment_status="unpaid"),
        told(bank.session, "checkout.session.expired"),
        told(bank.session, metadata={}),
        told(bank.session, metadata=None),
    ):
        assert (await tell(shop, body)).status_code == 200
    assert await contents(shop) == before


async def test_a_payment_that_is_not_that_of_the_order_is_refused_and_grants_nothing(shop, bank):
    books = await shop.organization()
    other = await shop.organization()
    await order(books)
    named = bank.session["metadata"]
    before = await contents(shop)
    for more, status in (
        ({"amount_total": 999}, 422),
        ({"currency": "jpy"}, 422),
        ({"id": "cs_test_2"}, 422),
        ({"metadata": named | {"organization_id": other.organization_id}}, 404),
        ({"metadata": named | {"checkout_id": "chk_nobody"}}, 404),
        ({"amount_total": None}, 400),
        ({"amount_total": "much"}, 400),
    ):
        answer = await tell(shop, told(bank.session, **more))
        assert answer.status_code == status, (more, answer.text)
    assert await contents(shop) == before


async def test_what_stripe_has_not_signed_is_not_believed(shop, bank):
    books = await shop.organization()
    await order(books)
    body = told(bank.session)
    good = signed(body)["Stripe-Signature"]
    moment, right, _ = good.split(",")
    now = int(moment[2:])
    before = await contents(shop)
    headers = [
        {},
        {"Stripe-Signature": ""},
        {"Stripe-Signature": right},
        {"Stripe-Signature": moment},
        {"Stripe-Signature": f"{moment},{moment},{right}"},
        {"Stripe-Signature": f"t={now + 1},{right}"},
        {"Stripe-Signature": f"{moment},v0={right[3:]}"},
        {"Stripe-Signature": f"{moment},v1={'0' * 64}"},
        {"Stripe-Signature": f"{moment},v1=\u00e4".encode("latin-1")},
        signed(body + b" "),
        signed(body, secret="whsec_OTHER"),  # noqa: S106
        signed(body, at=now - 301),
        signed(body, at=now + 302),
    ]
    for given in headers:
        answer = await shop.http.post("/webhooks/stripe", content=body, headers=given)
        assert answer.status_code == 400, given
        assert answer.json()["error"]["code"] == "invalid_request"
    # What is signed, and cannot be read, is refused as well.
    for strange in (b"", b"\xff", b"[]", b"{}", b'{"type": "checkout.session.completed"}'):
        assert (await tell(shop, strange)).status_code == 400, strange
    huge = b"x" * 300_000
    assert (await tell(shop, huge)).status_code == 413
    assert await contents(shop) == before
    # While an old secret is replaced, Stripe signs by both.
    both = {"Stripe-Signature": f"{moment},v1={'0' * 64},{right}"}
    answer = await shop.http.post("/webhooks/stripe", content=body, headers=both)
    assert (answer.status_code, await left(books)) == (200, 1_000)


@pytest.mark.parametrize("does", ["fails", "is silent", "says nothing", "says anything"])
async def test_when_stripe_fails_the_caller_may_try_again_for_the_same_order(shop, bank, does):
    books = await shop.organization()
    bank.does = does
    refusal = (await books.post(PURCHASE, {"creditAmount": 100, "idempotencyKey": "1"})).json()
    (error,) = refusal["errors"]
    assert error["extensions"]["reason"] == "busy"
    assert "secret" not in str(refusal)
    bank.does = "answers"
    found = await order(books, creditAmount=100, idempotencyKey="1")
    assert found["checkoutUrl"] == bank.session["url"]
    again = await order(books, creditAmount=100, idempotencyKey="1")
    assert again == found
    assert len((await contents(shop))["checkout"]) == 1
    # It was asked twice, for one and the same, and not when the answer was known.
    first, second = [headers["idempotency-key"] for _, headers, _ in bank.asked]
    assert first == second


async def test_a_wrong_key_to_stripe_is_our_trouble_and_told_to_the_log(engine, databases, bank):
    settings = {"stripe_key": "sk_wrong", "stripe_webhook_secret": SECRET}
    async with metered(await databases.new(engine), **settings) as house:
        books = await house.organization()
        refusal = (await books.post(PURCHASE, {"creditAmount": 100})).json()
    assert refusal["errors"][0]["extensions"]["reason"] == "busy"
    assert "sk_wrong" not in str(refusal)


async def test_a_payment_that_was_granted_by_hand_meanwhile_is_not_granted_again(shop, bank):
    books = await shop.organization()
    await order(books)
    await grant(shop, books, 1_000, reference=bank.session["id"])
    assert (await tell(shop, told(bank.session))).status_code == 200
    assert await left(books) == 1_000
    (row,) = (await contents(shop))["checkout"]
    assert "completed" in row


async def test_a_sandbox_pays_with_nothing_even_where_stripe_takes_the_payments(shop, bank):
    books = await shop.organization()
    found = await shop.database.read(organizations.existing, [books.organization_id])
    twin = found[books.organization_id].twin_id
    sandbox = await key_of(books, shop, Scope.ADMIN, live=False, organization_id=twin)
    ordered = await order(sandbox)
    assert bank.asked == []
    assert (await shop.http.post(ordered["checkoutUrl"])).status_code == 200
    total = (await sandbox.ask("{ creditBalance { creditsTotal } }"))["creditBalance"]
    assert total == {"creditsTotal": 1_000}


async def test_a_service_without_stripe_has_no_door_for_it(house, books):
    answer = await tell(house, b"{}")
    assert answer.status_code == 404


def test_stripe_is_asked_where_both_its_secrets_are_known_and_one_alone_is_a_mistake():
    assert isinstance(gateway_of(KEY, SECRET), StripeGateway)
    assert isinstance(gateway_of(None, None), LocalGateway)
    assert isinstance(gateway_of("", ""), LocalGateway)
    for key, secret in ((KEY, None), (None, SECRET)):
        with pytest.raises(LedgerError) as caught:
            gateway_of(key, secret)
        assert "CRANE_STRIPE_WEBHOOK_SECRET" in (caught.value.suggestion or "")
