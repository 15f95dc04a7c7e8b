import io
import time
import zipfile
from email.message import Message

import pytest
from books import refusal
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError, Reason
from ledger.file_types import (
    HEAD_BYTES,
    checked_file_name,
    checked_key,
    content_key,
    content_type,
    file_name_header,
)

SHA256 = "0123456789abcdef" * 4
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def archive(*names, compression=zipfile.ZIP_DEFLATED, content=b"<x/>"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name in names:
            made.writestr(name, content)
    return file.getvalue()


def open_document(kind, compression=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        made.writestr("mimetype", kind)
        made.writestr("content.xml", "<x/>")
    return file.getvalue()


# Types


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
        (b"GIF87a\x01\0\x01\0", "image/gif"),
        (b"GIF89a\x01\0\x01\0", "image/gif"),
        (b"RIFF\x0a\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x0a\0\0\0WAVEfmt ", "application/octet-stream"),
        (b"II*\0\x08\0\0\0", "image/tiff"),
        (b"MM\0*\0\0\0\x08", "image/tiff"),
        (b"MM\0+\0\x08\0\0", "image/tiff"),
        (b"\x89PNG", "application/octet-stream"),
        (b"\x7fELF\x02\x01\x01\0", "application/octet-stream"),
        (b"MZ\x90\0\x03\0\0\0", "application/octet-stream"),
        (b"", "application/octet-stream"),
        (b"\xef\xbb\xbf", "application/octet-stream"),
    ],
)
def test_a_binary_file_is_known_by_its_signature(head, found):
    assert content_type(head) == found


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("[Content_Types].xml", "_rels/.rels", "word/document.xml"), "wordprocessingml.document"),
        (("_rels/.rels", "docProps/app.xml", "xl/workbook.xml"), "spreadsheetml.sheet"),
        (("docProps/app.xml", "ppt/presentation.xml"), "presentationml.presentation"),
        (("word/document.xml",), "wordprocessingml.document"),
    ],
)
def test_an_office_document_is_known_by_its_first_entries(names, found):
    assert content_type(archive(*names)) == OFFICE + found


@pytest.mark.parametrize("kind", ["text", "spreadsheet", "presentation-template"])
def test_an_open_document_says_in_its_first_entry_what_it_is(kind):
    assert content_type(open_document(OPEN + kind)) == OPEN + kind


@pytest.mark.parametrize(
    "content",
    [
        archive("receipt.txt"),
        archive(),
        archive("receipt.txt", "word/document.xml"),
        archive("[Content_Types].xml", "visio/document.xml"),
        open_document("application/epub+zip"),
        open_document("text/html"),
        open_document(OPEN + "text\r\nX-Injected: 1"),
        open_document(OPEN + "text", zipfile.ZIP_DEFLATED),
    ],
)
def test_any_other_archive_is_a_zip(content):
    assert content_type(content) == "application/zip"


@pytest.mark.parametrize(
    "text",
    [
        "Date;Amount\n2025-01-01;12,50\n",
        "Rent for May",
        "Größe\t領収書\r\nzwei",
        "\ufeffDate,Amount\r\n",
        "123",
        '"a JSON text is text"',
        "[section]\nkey = value\n",
        "{not: json}",
        "[1, 2",
        "[" * 5_000,
        "Receipt of %PDF-1.7",
        " <?xml version='1.0'?><after_a_blank/>",
    ],
)
def test_readable_text_is_plain_text(text):
    assert content_type(text.encode()) == "text/plain"


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><p>x",
        "<html><script>alert(1)</script>",
        "<script>alert(1)</script>",
        "#!/bin/sh\nrm -rf /\n",
        "alert(document.cookie)",
        SVG,
        f"<?xml version='1.0'?>{SVG}",
        "<?xml version='1.0'?><s:SVG xmlns:s='x'/>",
        "<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "<?xml version='1.0'?><a><b:script xmlns:b='http://www.w3.org/1999/xhtml'/></a>",
        "<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><a/>",
        "<?xml version='1.0'?><x:stylesheet xmlns:x='http://www.w3.org/1999/XSL/Transform'/>",
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    ],
)
def test_what_a_browser_would_run_is_plain_text(text):
    assert content_type(text.encode()) == "text/plain"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<?xml version='1.0'?><Document><CdtTrfTxInf/></Document>", "application/xml"),
        ("\ufeff<?xml version='1.0'?>\n<htmlish/>", "application/xml"),
        ('{"a": [1, 2.5, null]}', "application/json"),
        (" \n[ ]", "application/json"),
        ("{}", "application/json"),
        ("[-1]", "application/json"),
        (f"[{'9' * 5_000}]", "application/json"),
    ],
)
def test_xml_and_json_are_known_by_their_form(text, found):
    assert content_type(text.encode()) == found


@pytest.mark.parametrize("control", ["\0", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85"])
def test_text_with_control_characters_is_unknown(control):
    assert content_type(f"Rent{control}May".encode()) == "application/octet-stream"


def test_only_the_beginning_of_a_long_file_is_read():
    assert content_type(b"a" * HEAD_BYTES + b"\0") == "text/plain"
    assert content_type(b'["' + b"a" * HEAD_BYTES) == "application/json"
    assert content_type(b"%PDF-" + b"\xff" * 100_000) == "application/pdf"


def test_a_character_may_be_cut_at_the_end_of_the_beginning_alone():
    text = b"a" + "ä".encode() * HEAD_BYTES
    assert content_type(text) == "text/plain"
    assert content_type(text[:HEAD_BYTES]) == "text/plain"
    assert content_type(text[: HEAD_BYTES - 2]) == "application/octet-stream"


@given(st.binary(max_size=200))
def test_any_bytes_have_a_type_that_a_header_can_hold(content):
    for prefix in (b"", b"PK\x03\x04", b"<?xml ", b"[", b"{"):
        found = content_type(prefix + content)
        assert found.isascii()
        assert found.isprintable()
        assert found not in {"text/html", "image/svg+xml"}


@pytest.mark.parametrize("part", [b"PK\x03\x04", b"<a:", b"[ ", b"{", b"<?xml ", b'"\\'])
def test_a_hostile_beginning_is_read_in_no_time(part):
    begun = time.perf_counter()
    for first in (b"", b"<?xml ", b"[", b"PK\x03\x04" + b"\0" * 26 + b"xl/"):
        content_type(first + part * 100_000)
    assert time.perf_counter() - begun < 0.5


# Names


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("receipt.pdf", "receipt.pdf"),
        (" receipt.pdf ", "receipt.pdf"),
        ("Kaffebro\u0308d 12%.pdf", "Kaffebr\u00f6d 12%.pdf"),
        ("領収書.tar.gz", "領収書.tar.gz"),
        ('"quoted"; x=1', '"quoted"; x=1'),
        ("x" * 200, "x" * 200),
    ],
)
def test_a_file_keeps_its_name(given_, kept):
    assert checked_file_name(given_) == kept


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", Reason.INVALID_TEXT),
        ("  ", Reason.INVALID_TEXT),
        ("x" * 201, Reason.INVALID_TEXT),
        ("a\0b", Reason.INVALID_TEXT),
        ("a\r\nSet-Cookie: x", Reason.INVALID_TEXT),
        ("\ud800", Reason.INVALID_TEXT),
        ("../../etc/passwd", Reason.INVALID_VALUE),
        ("C:\\receipt.pdf", Reason.INVALID_VALUE),
        ("/", Reason.INVALID_VALUE),
        (".htaccess", Reason.INVALID_VALUE),
        (" ..", Reason.INVALID_VALUE),
        ("one\ntwo", Reason.INVALID_VALUE),
        ("one\ttwo", Reason.INVALID_VALUE),
        ("invoice\u202efdp.exe", Reason.INVALID_VALUE),
        ("one\u2028two", Reason.INVALID_VALUE),
    ],
)
def test_a_name_that_could_do_harm_is_refused(name, reason):
    assert refusal(reason, checked_file_name, name, "fileName").field == "fileName"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("receipt.pdf", 'attachment; filename="receipt.pdf"'),
        ("a b's.pdf", 'attachment; filename="a b\'s.pdf"'),
        (
            "Größe.pdf",
            "attachment; filename=\"Gro_e.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf",
        ),
        ('a"b.pdf', "attachment; filename=\"a_b.pdf\"; filename*=UTF-8''a%22b.pdf"),
        ("100%.pdf", "attachment; filename=\"100_.pdf\"; filename*=UTF-8''100%25.pdf"),
        ("領.pdf", "attachment; filename=\"_.pdf\"; filename*=UTF-8''%E9%A0%98.pdf"),
        ("a\r\nX: 1", 'attachment; filename="a__X: 1"'),
        ("../a\\b", 'attachment; filename="_a_b"'),
        ("..", 'attachment; filename="file"'),
        ("", 'attachment; filename="file"'),
        ("\ud800", "attachment; filename=\"_\"; filename*=UTF-8''%3F"),
        ("x" * 999, f'attachment; filename="{"x" * 200}"'),
    ],
)
def test_a_download_is_named_in_a_header(name, header):
    assert file_name_header(name) == header


@given(st.text())
def test_no_name_breaks_out_of_the_header(name):
    header = file_name_header(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert header.count(";") - header.split('"')[1].count(";") in {1, 2}


@given(st.text(max_size=200))
def test_a_reader_of_the_header_gets_the_checked_name_back(name):
    try:
        name = checked_file_name(name)
    except LedgerError:
        return
    message = Message()
    message["Content-Disposition"] = file_name_header(name).replace("filename=", "old=", 1)
    if "filename*=" in message["Content-Disposition"]:
        assert message.get_filename() == name


# Keys


def test_a_file_is_kept_by_its_organization_and_content():
    assert content_key("org_1", SHA256) == f"org_1/{SHA256}"


@pytest.mark.parametrize(
    "key",
    [
        "",
        SHA256,
        f"org_1/{SHA256}\n",
        f"org_1/{SHA256[:-1]}",
        f"org_1/{SHA256.upper()}",
        f"../{SHA256}",
        f"/org_1/{SHA256}",
        f"org_1/../{SHA256}",
        f"org_1//{SHA256}",
        f"org_1\\{SHA256}",
        f"org_1\0/{SHA256}",
        f"org_\u0661/{SHA256}",
        f"{'o' * 41}/{SHA256}",
        f"\ud800/{SHA256}",
    ],
)
def test_what_is_no_key_is_refused(key):
    refused = refusal(Reason.INVALID_VALUE, checked_key, key)
    assert refused.message.isascii()
    assert refused.message.isprintable()
