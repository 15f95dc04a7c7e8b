"""The playground: what the page holds, what it may reach, and what it says without its scripts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from graphql import NonNullTypeNode, OperationDefinitionNode, parse
from starlette.applications import Starlette
from starlette.testclient import TestClient

from schema import playground

PAGE = "/graphql/playground"
ASSETS = f"{PAGE}/assets"
DOCUMENTS = sorted(playground.DOCUMENTS.glob("*.graphql"))
SIDECARS = sorted(playground.DOCUMENTS.glob("*.variables.json"))


@pytest.fixture(autouse=True)
def fetched(tmp_path, monkeypatch):
    """A folder that stands for the fetched scripts, whether this machine has them or not."""
    for name in playground.FETCHED_ASSETS:
        (tmp_path / name).write_text(f"/* {name} */", encoding="utf-8")
    monkeypatch.setattr(playground, "FETCHED", tmp_path)
    return tmp_path


@pytest.fixture
def client():
    with TestClient(Starlette(routes=playground.routes())) as opened:
        yield opened


def embedded(page: str) -> list[dict[str, str]]:
    found = re.search(r'<script type="application/json" id="example-data">(.*?)</script>', page)
    assert found is not None
    return json.loads(found.group(1))


def operation(document: str) -> OperationDefinitionNode:
    (only,) = parse(document).definitions
    assert isinstance(only, OperationDefinitionNode)
    return only


def test_the_page_is_html_that_no_cache_keeps_and_no_other_site_frames(client):
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_policy_lets_the_page_run_and_reach_our_own_files_only(client):
    policy = dict(
        rule.split(" ", 1)
        for rule in client.get(PAGE).headers["content-security-policy"].split("; ")
    )
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


def test_the_page_and_its_own_files_name_no_other_host(client):
    for path in (PAGE, *(f"{ASSETS}/{name}" for name in playground.OWN_ASSETS)):
        text = client.get(path).text
        assert "://" not in text
        assert not re.search(r"""["'(]//""", text)


def test_the_page_has_no_script_of_its_own_that_the_policy_would_stop(client):
    scripts = re.findall(r"<script([^>]*)>", client.get(PAGE).text)
    assert all("src=" in script or "application/json" in script for script in scripts)
    assert not re.search(r"<[^>]*\son\w+=", client.get(PAGE).text)


def test_every_file_that_the_page_names_is_served_and_none_is_served_unnamed(client):
    page = client.get(PAGE).text
    named = re.findall(r'(?:src|href)="(playground/[^"]+)"', page)
    assert {Path(name).name for name in named} == {
        *playground.OWN_ASSETS,
        *playground.FETCHED_ASSETS,
    }
    for name in named:
        assert client.get(f"/graphql/{name}").status_code == 200


@pytest.mark.parametrize(
    ("name", "media_type", "cache"),
    [
        ("graphiql-4.1.2.min.js", "text/javascript", "public, max-age=31536000, immutable"),
        ("graphiql-4.1.2.min.css", "text/css", "public, max-age=31536000, immutable"),
        ("playground.js", "text/javascript", "no-cache"),
        ("playground.css", "text/css", "no-cache"),
    ],
)
def test_a_file_has_its_type_and_is_kept_as_long_as_its_name_is_true(
    client, name, media_type, cache
):
    answer = client.get(f"{ASSETS}/{name}")
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.headers["cache-control"] == cache
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", [PAGE, f"{ASSETS}/playground.js", f"{ASSETS}/react-18.2.0.min.js"])
def test_head_answers_as_get_does_but_without_a_body(client, path):
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(get.content))


@pytest.mark.parametrize(
    "name",
    [
        "playground.py",
        "../playground.py",
        "..%2fplayground.py",
        "%2e%2e/playground.py",
        "..%5cplayground.py",
        "playground.js%00",
        "react.LICENSE",
        "",
    ],
)
def test_no_other_file_is_served_whatever_path_a_name_spells(client, fetched, name):
    (fetched / "react.LICENSE").write_text("kept beside the scripts", encoding="utf-8")
    assert client.get(f"{ASSETS}/{name}").status_code == 404


def test_the_page_is_only_read(client):
    assert client.post(PAGE).status_code == 405


def test_without_its_scripts_the_page_says_in_one_sentence_how_to_get_them(client, fetched):
    (fetched / "graphiql-4.1.2.min.js").unlink()
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == playground.CONTENT_SECURITY_POLICY
    assert "<script" not in answer.text
    (sentence,) = re.findall(r"<p>(.*)</p>", answer.text)
    assert sentence == (
        "The playground's scripts are not installed: run <code>pip install -e .</code> again in "
        "the project's folder, on a network where npm can download packages, and reload this page."
    )
    assert client.get(f"{ASSETS}/graphiql-4.1.2.min.js").status_code == 404


def test_before_a_key_is_entered_the_page_says_where_keys_come_from(client):
    page = client.get(PAGE).text
    assert "<code>crane serve --demo</code>" in page
    assert "<code>crane organization create" in page


def test_the_key_is_kept_in_the_tab_and_never_read_from_an_address(client):
    script = client.get(f"{ASSETS}/playground.js").text
    assert script.count("localStorage") == 0
    assert script.count("sessionStorage.setItem") == 1
    assert not re.search(r"location\.(search|hash)|searchParams", script)


def test_an_example_cannot_end_the_element_that_holds_it():
    hostile = playground.Example("</script><script>", "query", "{ a } # <!-- ${x} $examples", "{}")
    page = playground.render([hostile])
    assert "</script><script>" not in page
    assert embedded(page) == [
        {
            "title": "</script><script>",
            "kind": "query",
            "query": "{ a } # <!-- ${x} $examples",
            "variables": "{}",
        }
    ]


def test_the_page_offers_every_document_the_overview_first(client):
    overview = playground.DOCUMENTS / "organization_overview.graphql"
    expected = [overview, *(path for path in DOCUMENTS if path != overview)]
    offered = embedded(client.get(PAGE).text)
    assert [example["query"] for example in offered] == [
        path.read_text(encoding="utf-8") for path in expected
    ]


def test_an_example_has_the_variables_that_stand_beside_it(tmp_path):
    (tmp_path / "pay_rent.graphql").write_text("mutation PayRent($a: Int) { pay(a: $a) }")
    (tmp_path / "pay_rent.variables.json").write_text('{"a": 1}\n')
    (tmp_path / "look.graphql").write_text("query Look { look }")
    assert playground.examples(tmp_path) == [
        playground.Example("Look", "query", "query Look { look }", ""),
        playground.Example(
            "Pay rent", "mutation", "mutation PayRent($a: Int) { pay(a: $a) }", '{"a": 1}'
        ),
    ]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_is_one_operation_named_as_its_file(path):
    name = operation(path.read_text(encoding="utf-8")).name
    assert name is not None
    assert name.value == "".join(word.capitalize() for word in path.stem.split("_"))


@pytest.mark.parametrize("path", SIDECARS, ids=lambda path: path.stem)
def test_variables_belong_to_a_document_and_give_all_that_it_requires(path):
    document = path.with_name(path.name.replace(".variables.json", ".graphql"))
    declared = operation(document.read_text(encoding="utf-8")).variable_definitions
    given = json.loads(path.read_text(encoding="utf-8"))
    required = {
        variable.variable.name.value
        for variable in declared
        if isinstance(variable.type, NonNullTypeNode) and variable.default_value is None
    }
    assert required <= given.keys() <= {variable.variable.name.value for variable in declared}
