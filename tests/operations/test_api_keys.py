"""API keys: made by an administrator, seen once, stopped at once."""

from __future__ import annotations

from house import Client

CREATE = """
mutation Make($name: String!, $scope: OperationScope!, $expiresAt: DateTime, $once: String) {
  createApiKey(name: $name, scope: $scope, expiresAt: $expiresAt, idempotencyKey: $once) {
    secret key { id name scope keyPreview expiresAt revokedAt }
  }
}
"""
ROTATE = "mutation Rotate($id: ID!) { rotateApiKey(id: $id) { secret key { id scope } } }"
REVOKE = "mutation Revoke($id: ID!) { revokeApiKey(id: $id) { id revokedAt } }"
ME = "{ organization { id } }"


async def test_a_read_key_reads_and_writes_nothing(books, house):
    made = (await books.ask(CREATE, name="Reader", scope="READ"))["createApiKey"]
    reader = Client(house.http, made["secret"], books.organization_id)
    assert (await reader.ask(ME))["organization"]["id"] == books.organization_id
    refusal = await reader.refusal(
        'mutation { createAccount(code: "1", name: "A", accountType: ASSET) { id } }'
    )
    assert (refusal.code, refusal.reason) == ("FORBIDDEN", "forbidden")
    assert (await reader.refusal("{ apiKeys { id } }")).reason == "forbidden"
    assert "1" not in await books.accounts()


async def test_a_key_makes_none_that_can_do_more_or_lives_longer(books, house):
    soon = "2199-01-01T00:00:00Z"
    made = (await books.ask(CREATE, name="Admin", scope="ADMIN", expiresAt=soon))["createApiKey"]
    admin = Client(house.http, made["secret"], books.organization_id)
    later = await admin.refusal(
        CREATE, name="Later", scope="READ", expiresAt="2199-01-01T00:00:01Z"
    )
    assert (later.reason, later.field) == ("forbidden", "expiresAt")
    heir = (await admin.ask(CREATE, name="Heir", scope="READ"))["createApiKey"]["key"]
    assert heir["expiresAt"] == soon
    past = await books.refusal(CREATE, name="Past", scope="READ", expiresAt="2020-01-01")
    assert (past.reason, past.field) == ("invalid_date", "expiresAt")
    writer = (await books.ask(CREATE, name="Writer", scope="WRITE"))["createApiKey"]
    maker = Client(house.http, writer["secret"], books.organization_id)
    assert (await maker.refusal(CREATE, name="More", scope="READ")).reason == "forbidden"


async def test_a_rotated_or_revoked_key_stops_at_once(books, house):
    made = (await books.ask(CREATE, name="Old", scope="WRITE"))["createApiKey"]
    old = Client(house.http, made["secret"], books.organization_id)
    rotated = (await books.ask(ROTATE, id=made["key"]["id"]))["rotateApiKey"]
    assert rotated["key"]["scope"] == "WRITE"
    assert (await old.refusal(ME)).reason == "unauthenticated"
    new = Client(house.http, rotated["secret"], books.organization_id)
    assert await new.ask(ME)
    revoked = await books.ask(REVOKE, id=rotated["key"]["id"])
    assert (await new.refusal(ME)).reason == "unauthenticated"
    assert await books.ask(REVOKE, id=rotated["key"]["id"]) == revoked
    refusal = await books.refusal(ROTATE, id=rotated["key"]["id"])
    assert (refusal.code, refusal.reason) == ("CONFLICT", "wrong_status")
    assert (await books.refusal(REVOKE, id="key_nobody")).reason == "not_found"


async def test_the_secret_is_told_once_and_kept_nowhere(books):
    first = (await books.ask(CREATE, name="Once", scope="READ", once="k"))["createApiKey"]
    replay = (await books.ask(CREATE, name="Once", scope="READ", once="k"))["createApiKey"]
    assert replay == {"secret": None, "key": first["key"]}
    shown = (await books.ask("{ apiKeys { name keyPreview } }"))["apiKeys"]
    assert [key["name"] for key in shown] == ["Once", "First key"]
    assert first["secret"] not in str(shown)
    assert first["secret"].startswith(shown[0]["keyPreview"].partition("…")[0])


async def test_a_dry_run_makes_no_key(books, house):
    query = CREATE.replace("idempotencyKey: $once", "dryRun: true").replace(", $once: String", "")
    made = (await books.ask(query, name="Dry", scope="READ"))["createApiKey"]
    dry = Client(house.http, made["secret"] or "", books.organization_id)
    assert (await dry.refusal(ME)).reason == "unauthenticated"
    assert len((await books.ask("{ apiKeys { id } }"))["apiKeys"]) == 1


CHANGE = """
mutation Change($id: ID!, $name: String, $expiresAt: DateTime) {
  changeApiKey(id: $id, name: $name, expiresAt: $expiresAt) { id name scope expiresAt revokedAt }
}
"""
ONE = "query One($id: ID!) { apiKey(id: $id) { id name scope expiresAt revokedAt } }"


async def test_a_key_is_found_by_its_id_and_changed_in_name_and_expiry(books, house):
    made = (await books.ask(CREATE, name="Shop", scope="WRITE"))["createApiKey"]["key"]
    key = made["id"]
    renamed = (await books.ask(CHANGE, id=key, name="Shop in town"))["changeApiKey"]
    assert renamed == {
        "id": key,
        "name": "Shop in town",
        "scope": "WRITE",
        "expiresAt": None,
        "revokedAt": None,
    }
    assert await books.ask(ONE, id=key.upper()[:4] + key[4:]) == {"apiKey": renamed}
    until = "2199-01-01T00:00:00Z"
    limited = (await books.ask(CHANGE, id=key, expiresAt=until))["changeApiKey"]
    assert limited == {**renamed, "expiresAt": until}
    assert (await books.ask(CHANGE, id=key, expiresAt=None))["changeApiKey"] == renamed
    await books.ask(REVOKE, id=key)
    for given, reason, field in (
        ({"id": key, "name": "x"}, "wrong_status", "id"),
        ({"id": "key_x", "name": "x"}, "not_found", "id"),
        ({"id": key, "name": None}, "invalid_value", "name"),
    ):
        refusal = await books.refusal(CHANGE, **given)
        assert (refusal.reason, refusal.field) == (reason, field)
    assert (await books.refusal(ONE, id="key_x")).reason == "not_found"


async def test_a_key_lets_none_live_longer_than_itself(books, house):
    soon = "2199-01-01T00:00:00Z"
    made = (await books.ask(CREATE, name="Admin", scope="ADMIN", expiresAt=soon))["createApiKey"]
    admin = Client(house.http, made["secret"], books.organization_id)
    key = made["key"]["id"]
    for given, reason in (("2199-01-01T00:00:01Z", "forbidden"), ("2020-01-01", "invalid_date")):
        refusal = await admin.refusal(CHANGE, id=key, expiresAt=given)
        assert (refusal.reason, refusal.field) == (reason, "expiresAt")
    assert (await admin.ask(CHANGE, id=key, expiresAt=None))["changeApiKey"]["expiresAt"] == soon
