import pytest

from ledger import ids

MILLISECONDS = 1_750_000_000_000


@pytest.mark.parametrize(
    ("number", "width", "text"),
    [
        (0, 2, "00"),
        (9, 2, "09"),
        (10, 2, "0A"),
        (35, 2, "0Z"),
        (36, 2, "0a"),
        (61, 2, "0z"),
        (62, 2, "10"),
        (62, 4, "0010"),
        (62**2 - 1, 2, "zz"),
    ],
)
def test_base_62_counts_in_digits_capitals_and_small_letters(number, width, text):
    assert ids.base62(number, width) == text


def test_an_identifier_is_its_prefix_its_time_and_its_random_part():
    assert ids.make("act_", 0, 0) == "act_" + "0" * 20
    assert ids.make("act_", 62, 61) == "act_00000010" + "0" * 11 + "z"
    assert len(ids.make("org_", MILLISECONDS, ids.RANDOM_LIMIT - 1)) == 24


def test_identifiers_sort_by_the_time_of_their_creation():
    made = [
        ids.make("txn_", time, ids.RANDOM_LIMIT - 1 - n)
        for n, time in enumerate([0, 1, 9, 10, 35, 36, 61, 62, MILLISECONDS, MILLISECONDS + 1])
    ]
    assert made == sorted(made)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("jnl_0abC", "jnl_0abC"),
        ("JNL_0abC", "jnl_0abC"),
        ("Jnl_0abC", "jnl_0abC"),
        ("led_0abC", "jnl_0abC"),
        ("LED_0abC", "jnl_0abC"),
        ("act_0abC", "jnl_"),
        ("0abC", "jnl_"),
        ("", "jnl_"),
        ("jnl_", "jnl_"),
        ("jnl_0a-C", "jnl_"),
        ("jnl_0abC\n", "jnl_"),
        ("jnl_\u0660", "jnl_"),
        ("jnl_" + "0" * 37, "jnl_"),
        ("jnl_' OR 1=1", "jnl_"),
        ("jnl_\ud800", "jnl_"),
    ],
)
def test_any_case_of_a_prefix_is_accepted_and_nonsense_names_nothing(given, stored):
    assert ids.normalise("jnl_", given, "led_") == stored


@pytest.mark.parametrize(
    ("id_", "expected"),
    [("jnl_", True), ("", True), ("x", False), ("jnl_0", False), ("none", False)],
)
def test_a_bare_prefix_is_the_id_of_nothing(id_, expected):
    assert ids.is_nothing(id_) is expected


@pytest.mark.parametrize("position", [0, 1, 61, 62, 999, 62**2 - 1])
def test_an_entry_is_named_by_its_transaction_and_its_place_and_found_again(position):
    transaction = ids.make("txn_", MILLISECONDS, 12345)
    entry = ids.entry_id(transaction, position)
    assert len(entry) == 26
    assert entry.startswith("jnl_")
    assert ids.entry_place(entry) == (transaction, position)
    assert ids.entry_place("LED_" + entry[4:]) == (transaction, position)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "jnl_",
        "jnl_" + "0" * 21,
        "jnl_" + "0" * 23,
        "txn_" + "0" * 22,
        "jnl_" + "0" * 21 + "_",
        "jnl_" + "_" * 22,
        "jnl_" + "0" * 21 + "é",
    ],
)
def test_what_is_no_entry_identifier_names_no_place(given):
    assert ids.entry_place(given) is None
