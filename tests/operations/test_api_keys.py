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
