"""HTTPS: served with a certificate, and asked for where the service must not be read by others."""

from __future__ import annotations

import ssl
import subprocess

import httpx2
import pytest
import trustme
from served import crane, environment, served
from tiny_service import client

from entrypoints.edge import Edge
from server import application
from settings import Settings


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def pair(authority, tmp_path_factory):
    """The files of a certificate and of its key."""
    folder = tmp_path_factory.mktemp("tls")
    made = authority.issue_cert("127.0.0.1")
    made.private_key_pem.write_to_path(folder / "key.pem")
    for pem in made.cert_chain_pems:
        pem.write_to_path(folder / "cert.pem", append=True)
    return str(folder / "cert.pem"), str(folder / "key.pem")


def test_it_is_served_with_the_certificate_that_it_is_given(tmp_path, authority, pair):
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    cert, key = pair
    books = f"sqlite:///{tmp_path / 'books.db'}"
    required = {"CRANE_REQUIRE_HTTPS": "true"}
    with served(books, "--tls-cert", cert, "--tls-key", key, **required) as server:
        assert server.url.startswith("https://127.0.0.1:")
        answer = httpx2.get(f"{server.url}/organizations", verify=trusting)
        assert answer.status_code == 401
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        with pytest.raises(httpx2.HTTPError):
            httpx2.get(server.url.replace("https", "http") + "/health")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--tls-cert"], "a certificate and its private key are needed together"),
        (["--tls-key"], "a certificate and its private key are needed together"),
        (["--tls-cert", "--tls-key"], "No such file"),
    ],
)
def test_what_is_no_pair_is_refused_at_the_start(tmp_path, given, told):
    options = [word for name in given for word in (name, str(tmp_path / "none.pem"))]
    books = f"sqlite:///{tmp_path / 'books.db'}"
    refused = subprocess.run(  # noqa: S603 (ourselves)
        crane("serve", "--port", "0", "--database", books, *options),
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert told in refused.stderr
    assert not (tmp_path / "books.db").exists()


async def answered(scheme, path="/", **options):
    """What the edge does with a request that came by a protocol; and whether it let it in."""
    reached = []

    async def app(scope, receive, send):
        reached.append(scope["path"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async with client(Edge(app, **options)) as http:
        return await http.get(f"{scheme}://tiny{path}"), reached


async def test_plain_http_is_refused_before_anything_reads_the_key():
    response, reached = await answered("http", requires_https=True)
    assert (response.status_code, reached) == (403, [])
    error = response.json()["error"]
    assert error["message"] == "This service answers over HTTPS only."
    assert "rotate it" in error["suggestion"]
    assert response.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
async def test_who_watches_the_process_is_answered_without(path):
    assert (await answered("http", path, requires_https=True))[1] == [path]


async def test_https_is_let_in_and_plain_http_too_where_it_is_not_refused():
    assert (await answered("https", requires_https=True))[1] == ["/"]
    response, reached = await answered("http")
    assert reached == ["/"]
    assert "strict-transport-security" not in response.headers


@pytest.mark.parametrize(
    ("trusted", "status"), [("127.0.0.1", 401), ("10.0.0.0/8", 403), ("", 403)]
)
def test_a_proxys_word_is_taken_where_it_is_told_to(tmp_path, trusted, status):
    books = f"sqlite:///{tmp_path / 'books.db'}"
    settings = {"CRANE_REQUIRE_HTTPS": "true", "CRANE_TRUSTED_PROXIES": trusted}
    with served(books, **settings) as server:
        said = {"X-Forwarded-Proto": "https"}
        answer = httpx2.get(f"{server.url}/organizations", headers=said)
    assert answer.status_code == status


def test_links_begin_with_the_protocol_that_is_served():
    assert Settings(port=1).reached_at == "http://127.0.0.1:1"
    assert Settings(port=1, tls_cert="c").reached_at == "https://127.0.0.1:1"
    assert Settings(tls_cert="c", public_url="http://x").reached_at == "http://x"


async def test_the_application_asks_for_it_by_its_setting():
    async with client(application(Settings(require_https=True))) as http:
        assert (await http.get("/organizations")).status_code == 403
