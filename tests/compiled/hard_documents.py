"""Documents written by hand, each for one thing that is easily got wrong."""

from __future__ import annotations

from typing import Any

from compiled.documents import Asked

Sent = dict[str, Any]


def _of(text: str, *sent: Sent, name: str | None = None) -> Asked:
    return Asked(text, name, sent or ({},))


SELECTIONS: dict[str, Asked] = {
    "a field": _of("{ int }"),
    "the keys come in the order of the document": _of(
        "{ rootNumber int about: place cell1 { key } int }"
    ),
    "a field asked twice is answered once": _of("{ cell1 { key key } cell1 { key } }"),
    "fields that merge keep the place of the first": _of(
        "{ a: cell1 { int } b: int a: cell1 { key int cell { key } } a: cell1 { cell { int } } }"
    ),
    "merged fields are all told to the resolver": _of(
        "{ about about ...F } fragment F on Query { about }"
    ),
    "fields that merge in a fragment": _of(
        "{ cell1 { cell { key } ...F } } fragment F on Cell { cell { int key } int }"
    ),
    "an alias that is the name of another field": _of("{ cell0 { key: int int: key text: key } }"),
    "aliases that mean something in Python": _of(
        "{ None: int class: cell1 { self: key import: int __class__: key } lambda: rootNumber }"
    ),
    "the same field with two aliases": _of("{ a: cell1 { key int } b: cell1 { int key } }"),
    "the name of a type at every level": _of(
        "{ __typename cell0 { a: __typename cell { __typename } thing { __typename } } }"
    ),
    "nothing but the name of a type": _of("{ persons { __typename } luck { __typename } }"),
    "introspection beside a field": _of(
        '{ int __type(name: "Cell") { name kind } __schema { queryType { name } } }'
    ),
    "a fragment of a fragment of a fragment": _of(
        "{ cell0 { ...A } } fragment A on Cell { ...B key } fragment B on Cell { int ...C } "
        "fragment C on Cell { cell { key } }"
    ),
    "a fragment used in two places": _of(
        "{ a: cell1 { ...F } cell0 { cell { ...F } } } fragment F on Cell { key about }"
    ),
    "a fragment twice in one place": _of(
        "{ cell0 { ...F ...F key ...F } } fragment F on Cell { key int }"
    ),
    "a fragment on an interface of the type": _of(
        "{ person { ...F } } fragment F on Named { name about }"
    ),
    "a fragment on an interface of an interface": _of(
        "{ things { ...F ... on Named { b: name } } } fragment F on Named { name "
        "... on Box { size } }"
    ),
    "a fragment on a union in an interface": _of(
        "{ things { ... on Luck { ... on Jar { label } __typename } id } }"
    ),
    "a fragment on another type than what is there": _of(
        "{ luck { ... on Stone { weight } } founds { ... on Cell { key } } }"
    ),
    "fields of the same key in different types": _of(
        "{ things { ... on Box { n: owner { age } } ... on Jar { n: lid { id } } } }"
    ),
    "an empty object, since all of it was skipped": _of("{ cell0 { key @skip(if: true) } }"),
    "an empty answer": _of("{ int @include(if: false) }"),
    "an inline fragment without a condition": _of(
        "{ cell0 { ... { key } ... @include(if: true) { int } } }"
    ),
    "an interface seen as another": _of(
        "{ named { name ... on Thing { id ... on Box { size } } } }"
    ),
    "a deep list of unions": _of(
        "{ cell0 { founds { __typename ... on Cell { founds { ... on Stone { weight } } } } } }"
    ),
    "a deep list of objects": _of(
        "{ cell0 { cellNLNLN { cellLL { cellNLNL { cellLLN { key int } } } } } }"
    ),
    "one of several operations": _of("query A { int } query B { cell1 { key } }", name="B"),
    "several operations and no name": _of("query A { int } query B { rootNumber }"),
    "an operation that is not there": _of("query A { int }", name="C"),
    "an operation by its name that is the only one": _of("query A { int }", name="A"),
    "what a resolver is told": _of(
        "query Q($b: Boolean = true) { ...F a: cell1 { about place ...G @include(if: $b) } } "
        "fragment F on Query { about place cell0 { cellL { place about } } } "
        "fragment G on Cell { about }",
        {},
        {"b": False},
    ),
}
FLAGS = "query Q($a: Boolean!, $b: Boolean = false) "
EVERY_FLAG: tuple[Sent, ...] = (
    {"a": True, "b": True},
    {"a": True, "b": False},
    {"a": False, "b": True},
    {"a": False},
    {"a": True, "b": None},
    {"b": True},
)
DIRECTIVES: dict[str, Asked] = {
    "skip by a variable": _of(
        FLAGS + "{ int @skip(if: $a) rootNumber @skip(if: $b) }", *EVERY_FLAG
    ),
    "include by a variable": _of(
        FLAGS + "{ int @include(if: $a) rootNumber @include(if: $b) }", *EVERY_FLAG
    ),
    "skip and include together": _of(
        FLAGS + "{ int @skip(if: $a) @include(if: $b) rootNumber @include(if: $a) @skip(if: $b) }",
        *EVERY_FLAG,
    ),
    "skip on a fragment": _of(
        FLAGS + "{ cell0 { ...F @skip(if: $a) ... on Cell @include(if: $b) { int } } } "
        "fragment F on Cell { key }",
        *EVERY_FLAG,
    ),
    "a fragment that is skipped once and not the other time": _of(
        FLAGS + "{ cell0 { ...F @skip(if: $a) int ...F @include(if: $b) } } "
        "fragment F on Cell { key text }",
        *EVERY_FLAG,
    ),
    "a field that is skipped once and not the other time": _of(
        FLAGS
        + "{ cell0 { key @skip(if: $a) int key @include(if: $b) } cell1 @skip(if: $b) { int } "
        "cell1 @skip(if: $a) { key } }",
        *EVERY_FLAG,
    ),
    "a skipped field is not asked": _of(
        FLAGS + "{ cell0 { boomN @skip(if: $a) } slowBoom @include(if: $b) }", *EVERY_FLAG
    ),
    "a skipped mutation is not done": _of(
        "mutation M($a: Boolean!, $b: Boolean = false) "
        '{ a: write(word: "a") @skip(if: $a) { key } b: slowWrite(word: "b") '
        "@include(if: $b) { key } words }",
        *EVERY_FLAG,
    ),
}
FAILURES: dict[str, Asked] = {
    "a field that fails is null": _of("{ int boom rootNumber }"),
    "a field that fails where none may be null": _of("{ cell1 { key boomN int } rootNumber }"),
    "a field that fails where nothing above may be null": _of("{ cell0 { boomN } int }"),
    "a failure in lists of lists that may not have nulls": _of("{ cell0 { cellNLNLN { boomN } } }"),
    "a failure in lists of lists that may have nulls": _of(
        "{ cell1 { cellLL { boomN key } } int }"
    ),
    "a failure in every item": _of("{ cellL { boom key } cellNL { boom } }"),
    "items that are exceptions": _of("{ cell1 { odd } cellL { oddN } }"),
    "what is awaited and fails": _of("{ slowBoom int slow1 { slowBoom } }"),
    "what is awaited and fails where none may be null": _of(
        "{ slow1 { slowBoomN key } cell1 { slowBoomN } }"
    ),
    "what fails at once beside what is awaited": _of(
        "{ slow1 { boomN slowBoom slowInt } cell1 { slowCell { key } boomN } }"
    ),
    "what fails late beside what fails at once": _of(
        "{ cell1 { slowBoomN boom int slowInt } slowBoom boom }"
    ),
    "two failures under the same null": _of(
        "{ cell1 { a: boomN b: boomN c: boom } cell0 { boom } }"
    ),
    "the locations of all merged fields": _of(
        "{ boom\n boom\n ...F }\nfragment F on Query {\n boom }"
    ),
    "a scalar that cannot be written": _of("{ fussy fussyL fussyN cell1 { fussyNL fussyNLN } }"),
    "a scalar that writes nothing": _of("{ hollow cell1 { hollow } }"),
    "numbers that are none": _of("{ cellL { int number intL flag id } cell1 { intN } }"),
    "enums with other values inside": _of("{ cellL { color mood } }"),
    "things of no type, or of a wrong one": _of(
        "{ things { __typename id } cell1 { thing { id } thingNL { name } } }"
    ),
    "luck of no type, or of a wrong one": _of(
        "{ luck { __typename } cell1 { luckN { ... on Box { id } } lucks { __typename } } }"
    ),
    "a person that is a mapping": _of(
        "{ person { name age missing: name friends { name age } luck { __typename } } }"
    ),
    "lists that are no lists": _of(
        "{ cellL { intL intNL thingL { id } lateCells { key } } persons { age } }"
    ),
    "items that are awaited": _of("{ cellL { late lateCells { key slowInt } } }"),
    "an answer that is not there at all": _of("{ slowIntN intN cellN { key } }"),
}
ARGUMENTS: dict[str, Asked] = {
    "defaults where nothing is given": _of(
        "{ echo need(i: 1, color: RED, list: [], box: {at: {}}) }"
    ),
    "nulls where defaults were": _of(
        "{ echo(i: null, iD: null, color: null, lists: null, s: null) }"
    ),
    "one item for a list": _of("{ echo(list: 1, lists: 2, colors: RED, boxes: {at: {x: 1}}) }"),
    "lists of lists": _of("{ echo(lists: [[1], null, [null, 2], []]) }"),
    "enums as the values inside": _of("{ echo(color: BLUE, mood: WILD, colors: [RED, GREEN]) }"),
    "inputs in inputs": _of(
        "{ echo(box: {at: {y: 2, next: {x: 3, next: {label: null}}}, sizes: [[1], [2, 3]], "
        "anything: {a: [1, 2]}}) }"
    ),
    "one of several members": _of(
        "query Q($n: Int!) { a: echo(choice: {number: $n}) b: echo(choice: {at: {}}) }",
        {"n": 1},
        {"n": None},
    ),
    "variables everywhere in a value": _of(
        "query Q($i: Int, $c: Color, $p: PointInput, $l: [[Int!]]) { echo(list: "
        "[1, $i], lists: [[$i], [2]], "
        "boxes: [{at: {x: 2, y: $i, next: $p}, color: $c, sizes: $l}], point: $p) }",
        {"i": 5, "c": "RED", "p": {"x": 9}, "l": [[1], [2, 3]]},
        {"i": None, "c": None},
        {},
        {"p": {"next": {"next": {"x": "no number"}}}},
        {"c": "PINK", "i": 2**31, "l": [["1"]]},
    ),
    "variables with defaults": _of(
        "query Q($i: Int! = 3, $s: String = null, $c: [Color!] = [RED], $b: BoxInput = {at: {}}) "
        "{ echo(i: $i, s: $s, colors: $c, box: $b) }",
        {},
        {"i": 4, "s": "x", "c": "BLUE", "b": {"at": {"y": 1}}},
        {"i": None},
        {"b": {}},
        {"b": {"at": {"z": 1}}},
    ),
    "variables that are not sent": _of(
        "query Q($i: Int, $s: String, $b: Boolean) { echo(i: $i, iD: $i, s: $s, "
        "bD: $b) rootCall(x: $i) }",
        {},
        {"i": 1, "s": None, "b": False},
        {"i": None},
        {"b": None},
    ),
    "variables that must be sent": _of(
        "query Q($i: Int!, $l: [Int!]!) { echo(i: $i, listN: $l) }",
        {},
        {"i": 1},
        {"i": 1, "l": [None]},
    ),
    "scalars that refuse what they are sent": _of(
        "query Q($s: Shout, $b: BoxInput) { echo(shout: $s, box: $b) }",
        {"s": "hi"},
        {"s": 5},
        {"s": "whisper"},
        {"b": {"at": {}, "shout": "whisper"}},
    ),
    "a scalar with variables in its literal": _of(
        "query Q($x: Blob) { echo(blob: {a: [1, $x]}) }", {"x": [1, {"b": None}]}, {}
    ),
    "methods with arguments": _of(
        '{ things { tags(prefix: "x", most: 2) } person { greeting(word: "hey") '
        "a: greeting } rootCall(x: 3) cell1 { callable(n: 2) } }"
    ),
    "numbers at the edges": _of(
        "query Q($i: Int, $f: Float) { echo(i: $i, f: $f) }",
        {"i": 2147483647, "f": 1},
        {"i": 1.0},
        {"i": True},
        {"f": "1"},
    ),
    "more variables than there are": _of("query Q($i: Int) { echo(i: $i) }", {"i": 1, "else": 2}),
    "more wrong values than anyone wants to be told": _of(
        "query Q($l: [Int!]) { echo(listN: $l) }", {"l": ["no"] * 60}
    ),
}
MUTATIONS: dict[str, Asked] = {
    "mutations one after the other": _of(
        'mutation { a: slowWrite(word: "a") { key } b: write(word: "b") { key } '
        'words c: slowWrite(word: "c") { key } slowWords }'
    ),
    "what a mutation answers is finished before the next begins": _of(
        'mutation { a: write(word: "a") { slowCell { slowInt key } } b: '
        'slowWrite(word: "b") { slowInt slowBoom } words }'
    ),
    "a mutation that fails does not stop the next": _of(
        "mutation { a: fail slowFail b: fail words }"
    ),
    "a mutation that fails where none may be null stops the rest": _of(
        'mutation { a: failN b: write(word: "b") { key } words }'
    ),
    "a failure below a mutation where none may be null stops the rest": _of(
        'mutation { writeN(word: "a") { boomN } slowWriteN(word: "b") { slowBoomN } words }'
    ),
    "the same mutation twice is done once": _of(
        'mutation { write(word: "a") { key } write(word: "a") { int } words }'
    ),
    "mutations in fragments keep their order": _of(
        'mutation { ...F b: write(word: "b") { key } words } fragment F on '
        'Mutation { a: slowWrite(word: "a") { key } }'
    ),
    "a mutation whose arguments are wrong": _of(
        "mutation M($w: String!, $b: BoxInput) { a: write(word: $w) { key } "
        "slowWrite(word: $w, box: $b) { key } words }",
        {"w": "x"},
        {"w": None},
        {},
        {"w": "y", "b": {"at": None}},
    ),
}
CASES = SELECTIONS | DIRECTIVES | FAILURES | ARGUMENTS | MUTATIONS
