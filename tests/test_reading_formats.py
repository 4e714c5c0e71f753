"""Pages, tables, office files, crawls, exported articles: what is found in each, and how broken ones are set aside."""

import gzip
import io
import json
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.warc import PAGES_A_MB, made
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.errors import InputError
from communique.reading import Failure, read, read_items
from communique.reading.articles import split_articles
from communique.reading.formats import sniffed
from communique.reading.office import joined_pages
from communique.reading.pages import depth, page_document, without_scripts
from communique.reading.source import Options
from communique.records import Document

PAGE = """<!doctype html><html><head><title>Ministry replies - Example News</title><meta charset="utf-8">
<meta name="author" content="Jane Roe"><meta property="article:published_time" content="2024-03-05T08:00:00Z">
<meta property="og:site_name" content="Example News"><link rel="canonical" href="https://news.example/a/1"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>Ministry replies</h1>
<p>The ministry said on Tuesday it would answer &ldquo;every question&rdquo; in writing.</p>
<p>Its spokesperson added that talks were going on, and that <b>nobody</b> had left the room by midnight.</p>
</article><footer>Copyright Example News</footer></body></html>"""


def _documents(path: Path | str, **options: object) -> list[Document]:
    return list(read(path, **options))  # type: ignore[arg-type]


def _failures(path: Path) -> list[str]:
    return [item.reason for item in read_items([path]) if isinstance(item, Failure)]


def _write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# Pages


def test_page_gives_article_and_what_it_says_of_itself(tmp_path: Path) -> None:
    (document,) = _documents(_write(tmp_path, "a.html", PAGE))
    assert document.title == "Ministry replies"
    assert (document.author, document.publisher) == ("Jane Roe", "Example News")
    assert (document.published, document.url) == ("2024-03-05", "https://news.example/a/1")
    assert "“every question”" in document.text and "nobody had left" in document.text
    assert "Home" not in document.text and "Copyright" not in document.text
    assert document.text.count("\n\n") == 2


def test_page_is_known_without_its_ending_and_keeps_where_it_was_saved_from(tmp_path: Path) -> None:
    page = PAGE.replace('<link rel="canonical" href="https://news.example/a/1">', "")
    saved = page.replace("<html>", "<!-- saved from url=(0024)https://news.example/b/2 --><html>")
    (document,) = _documents(_write(tmp_path, "page", saved))
    assert document.url == "https://news.example/b/2"


def test_programs_are_left_out_and_what_a_page_tells_of_itself_stays(tmp_path: Path) -> None:
    told = '<SCRIPT type="application/ld+json">{"@type": "NewsArticle", "author": {"name": "Mia Sol"}}</SCRIPT>'
    raw = f"<html><script>var a = '{'x' * 999}';</script>{told}<p>Words.</p><script src=a.js></script>".encode()
    assert without_scripts(raw) == (
        b'<html><script></script><SCRIPT type="application/ld+json">{"@type": "NewsArticle", '
        b'"author": {"name": "Mia Sol"}}</SCRIPT><p>Words.</p><script src=a.js></script>'
    )
    unclosed = b"<p>Words.</p>" + b"<script>" * 100_000
    assert without_scripts(unclosed) == unclosed


def test_page_in_its_own_encoding(tmp_path: Path) -> None:
    page = PAGE.replace("utf-8", "iso-8859-1").replace("Tuesday", "Tuesday in Düsseldorf")
    assert "Düsseldorf" in _documents(_write(tmp_path, "a.html", page.encode("latin-1")))[0].text


@pytest.mark.parametrize("tag", ["div", "b", "span", "blockquote", "table"])
def test_a_hundred_thousand_nested_elements(tag: str, tmp_path: Path) -> None:
    page = f"<html><body>{f'<{tag}>' * 100_000}<p>Deep words.</p>{f'</{tag}>' * 100_000}</body></html>"
    with pytest.raises(InputError, match="nested deeper"):
        _documents(_write(tmp_path, "deep.html", page))


def test_a_hundred_thousand_paragraphs_left_open_are_no_nesting() -> None:
    assert depth(b"<html><body>" + b"<p>word" * 100_000) == 2


@pytest.mark.parametrize("page", ["<html></html>", "<html><body><nav>Home</nav></body></html>", "<" * 5000])
def test_page_without_article(page: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no article text"):
        _documents(_write(tmp_path, "a.html", page))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_as_page_give_a_document_or_a_reason(raw: bytes) -> None:
    try:
        assert page_document(b"<html><body>" + raw, "x", Options()).text.strip()
    except InputError as error:
        assert str(error).startswith("x: ")


# Tables


def test_csv_with_columns_under_other_names(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.csv", 'when,Body,outlet\n2024-01-02,"Talks began,\nslowly.",Daily\n,"",Daily\n')
    found = list(read_items([path], columns={"text": "Body", "published": "when"}))
    assert isinstance(found[0], Document) and isinstance(found[1], Failure)
    assert (found[0].text, found[0].published, found[0].publisher) == ("Talks began,\nslowly.", "2024-01-02", "Daily")
    assert "row 3" in found[1].reason


def test_tsv_gzipped(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.tsv.gz", gzip.compress(b"id\ttext\n7\tTalks began.\n"))
    assert [(d.id, d.text) for d in _documents(path)] == [("7", "Talks began.")]


def test_table_without_texts_says_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no column of texts; it has a, b; name it with --column text=NAME"):
        _documents(_write(tmp_path, "a.csv", "a,b\n1,2\n"))
    with pytest.raises(InputError, match="no column 'words'"):
        _documents(_write(tmp_path, "b.csv", "text\nx\n"), columns={"text": "words"})
    with pytest.raises(InputError, match="no such field"):
        _documents(_write(tmp_path, "c.csv", "text\nx\n"), columns={"txt": "text"})


def test_json_lines_with_bad_lines_between(tmp_path: Path) -> None:
    lines = ['{"text": "One."}', "{broken", "[1]", '{"text": 5}', '{"text": "Two.", "date": "2024-02-30"}', "",
             '{"headline": "T", "text": "Three.", "authors": ["A", "B"]}', "[" * 5000]  # fmt: skip
    found = list(read_items([_write(tmp_path, "a.jsonl", "\n".join(lines))]))
    assert [d.text for d in found if isinstance(d, Document)] == ["One.", "Three."]
    assert found[-2].author == "A, B"  # type: ignore[union-attr]
    reasons = [f.reason for f in found if isinstance(f, Failure)]
    assert [r.split(": ")[0].rsplit(" ", 1)[1] for r in reasons] == ["2", "3", "4", "5", "8"]


def test_our_own_records_are_read_back(tmp_path: Path) -> None:
    document = Document(id="x1", text="Talks began.", published="2024-01-01", kind="statement", language="en")
    path = _write(tmp_path, "a.jsonl", json.dumps({"document": document.model_dump(), "actors": []}))
    assert _documents(path) == [document]


def test_json_array(tmp_path: Path) -> None:
    assert [d.text for d in _documents(_write(tmp_path, "a.json", '[{"body": "A."}, {"body": "B."}]'))] == ["A.", "B."]


def test_parquet_and_a_corrupt_one(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table({"body": [f"Text {i}." for i in range(200)], "date": pa.array([19000] * 200, pa.date32())})
    pq.write_table(table, path)
    found = _documents(path)
    assert len(found) == 200 and found[199].text == "Text 199." and found[0].published == "2022-01-08"
    raw = path.read_bytes()
    for broken in (raw[: len(raw) // 2], raw[:50] + b"\0" * 400 + raw[450:], b"PAR1"):
        assert _failures(_write(tmp_path, "b.parquet", broken))


# Office files


def pdf(lines: list[str]) -> bytes:
    """A PDF of one page, written by hand."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream = f"BT /F1 12 Tf 72 720 Td {shown} ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, 2)
    places = []
    for number, part in enumerate(parts, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    start = out.tell()
    out.write(b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places))
    out.write(b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start)
    return out.getvalue()


def test_pdf_lines_become_paragraphs(tmp_path: Path) -> None:
    lines = ["Briefing of the ministry", "", "The spokesperson said that the talks would go on next week in the capi-",
             "tal, and that both sides had agreed on the list of questions to be", "answered."]  # fmt: skip
    (document,) = _documents(_write(tmp_path, "a.pdf", pdf(lines)))
    assert "in the capital, and that both sides had agreed on the list of questions to be answered." in document.text


@pytest.mark.parametrize("content", [b"%PDF-1.4 garbage", b"%PDF-", pdf([]), pdf(["Words"])[:200]])
def test_broken_or_emptypdf(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        _documents(_write(tmp_path, "a.pdf", content))


def test_running_heads_and_page_numbers_are_left_out() -> None:
    topics = ["fish", "grain", "steel", "visas", "rivers"]
    pages = [f"Daily Bulletin\nThe talks on {t} ended without a word to the press.\n{n}" for n, t in enumerate(topics)]
    text = joined_pages(pages)
    assert "Bulletin" not in text and text.count("without a word") == 5


def test_word_document_with_a_table(tmp_path: Path) -> None:
    import docx

    made = docx.Document()
    made.add_paragraph("The ministry spoke.")
    made.add_table(rows=1, cols=2).rows[0].cells[1].text = "In a table."
    made.add_paragraph("It ended.")
    made.core_properties.author = "Press Office"
    made.save(str(tmp_path / "a.docx"))
    (document,) = _documents(tmp_path / "a.docx")
    assert document.text == "The ministry spoke.\n\nIn a table.\n\nIt ended." and document.author == "Press Office"


def test_a_zip_is_no_word_document(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read as a Word document"):
        _documents(_write(tmp_path, "a.docx", b"PK\x03\x04" + b"\0" * 100))


# Crawls


def _record(
    url: str, body: bytes, head: str = "Content-Type: text/html; charset=utf-8", status: str = "200 OK"
) -> bytes:
    http = f"HTTP/1.1 {status}\r\n{head}\r\n\r\n".encode() + body
    warc = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-03-06T00:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return warc.encode() + http + b"\r\n\r\n"


def test_warc_gives_pages_and_passes_over_the_rest(tmp_path: Path) -> None:
    records = [
        _record("https://a.example/1", PAGE.encode()),
        _record("https://a.example/logo", b"\x89PNG", "Content-Type: image/png"),
        _record("https://a.example/gone", PAGE.encode(), status="404 Not Found"),
        _record("https://a.example/empty", b"<html></html>"),
        _record("https://a.example/plain", b"Plain words.", "Content-Type: text/plain"),
        _record("https://a.example/zip", gzip.compress(PAGE.encode()),
                "Content-Type: text/html\r\nContent-Encoding: gzip"),
    ]  # fmt: skip
    for name, raw in (("a.warc", b"".join(records)), ("a.warc.gz", b"".join(map(gzip.compress, records)))):
        found = list(read_items([_write(tmp_path, name, raw)]))
        assert [d.url for d in found if isinstance(d, Document)] == [
            f"https://a.example/{end}" for end in ("1", "plain", "zip")
        ]
        assert [f.source.rsplit("(", 1)[1] for f in found if isinstance(f, Failure)] == ["https://a.example/empty)"]


def test_warc_cut_in_the_middle_keeps_what_came_before(tmp_path: Path) -> None:
    raw = b"".join(gzip.compress(_record(f"https://a.example/{n}", PAGE.encode())) for n in range(3))
    found = list(read_items([_write(tmp_path, "a.warc.gz", raw[:-300])]))
    assert [isinstance(item, Document) for item in found[:2]] == [True, True]
    assert _failures(_write(tmp_path, "b.warc", b"no archive at all"))


def test_gzip_bomb_in_a_warc_costs_no_memory(tmp_path: Path) -> None:
    bomb = gzip.compress(b"<p>" + b" " * 200_000_000)
    raw = _record("https://a.example/bomb", bomb, "Content-Type: text/html\r\nContent-Encoding: gzip")
    path = _write(tmp_path, "a.warc", raw + _record("https://a.example/1", PAGE.encode()))
    tracemalloc.start()
    found = list(read_items([path]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [type(item) for item in found] == [Failure, Document]
    assert "unpacks to more than 20 MB" in found[0].reason  # type: ignore[union-attr]
    assert peak < 100 * 2**20


WARC_READER = """
import resource, sys
from communique.reading import read_items
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
items = read_items([sys.argv[1]])
next(items)
before = peak()
print(1 + sum(1 for _ in items), (peak() - before) // 1024)
"""


def test_a_long_warc_is_read_in_bounded_memory(tmp_path: Path) -> None:
    """40 MB of pages, gzipped: the memory of the process grows by a small part of it. `benchmarks.warc` has 1 GB."""
    path = made(tmp_path / "long.warc.gz", 40 * 2**20)
    assert path.stat().st_size > 25 * 2**20
    done = subprocess.run([sys.executable, "-c", WARC_READER, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    pages, grown = map(int, done.stdout.split())
    assert pages == PAGES_A_MB * 40
    assert grown < 20


# Articles as newspapers' databases export them

NEXIS = """                               1 of 2 DOCUMENTS

                             The Example Herald

                          January 30, 2023 Monday

Ministry Opens Talks on Fisheries

BYLINE: Jane Roe

SECTION: WORLD; Pg. 4

LENGTH: 21 words

DATELINE: OSLO

The ministry opened talks on Monday.

It said "nothing is agreed" so far.

LOAD-DATE: January 31, 2023

LANGUAGE: ENGLISH

                     Copyright 2023 The Example Herald
                            All Rights Reserved


                               2 of 2 DOCUMENTS

                             The Example Herald

                          February 2, 2023 Thursday

Talks End

LENGTH: 4 words

Talks ended on Thursday.

LOAD-DATE: February 3, 2023
"""

NEXIS_UNI = """Ministry Opens Talks on Fisheries
The Example Herald
January 30, 2023 Monday
Copyright 2023 The Example Herald All Rights Reserved
Section: WORLD; Pg. 4
Length: 21 words
Byline: Jane Roe
Body

The ministry opened talks on Monday.

Load-Date: January 31, 2023

End of Document

Talks End
The Example Herald
2 February 2023
Length: 4 words
Body

Talks ended on Thursday.

End of Document
"""

FACTIVA = """HD   Ministry Opens Talks on Fisheries
BY   Jane Roe
WC   21 words
PD   30 January 2023
SN   The Example Herald
LA   English
LP
The ministry opened talks on Monday.
TD
It said more would follow.

Document EXHER00020230130ej1u00001

HD   Talks End
PD   2 February 2023
SN   The Example Herald
LP   Talks ended on Thursday.

Document EXHER00020230202ej2200002
"""


@pytest.mark.parametrize("export", [NEXIS, NEXIS_UNI, FACTIVA], ids=["nexis", "nexis-uni", "factiva"])
def test_many_articles_in_one_file(export: str, tmp_path: Path) -> None:
    first, second = _documents(_write(tmp_path, "export.txt", export))
    assert (first.title, second.title) == ("Ministry Opens Talks on Fisheries", "Talks End")
    assert (first.published, second.published) == ("2023-01-30", "2023-02-02")
    assert first.publisher == second.publisher == "The Example Herald"
    assert first.author == "Jane Roe"
    assert first.text.startswith("The ministry opened talks on Monday.")
    assert "LOAD-DATE" not in first.text.upper() and "Copyright" not in first.text
    assert second.text == "Talks ended on Thursday."


def test_many_articles_in_one_word_file(tmp_path: Path) -> None:
    import docx

    made = docx.Document()
    for line in NEXIS_UNI.split("\n"):
        made.add_paragraph(line)
    made.save(str(tmp_path / "export.docx"))
    assert [d.title for d in _documents(tmp_path / "export.docx")] == ["Ministry Opens Talks on Fisheries", "Talks End"]


def test_a_text_that_only_speaks_of_documents_is_one_text() -> None:
    assert split_articles("The court read 3 of 12 documents on Monday.\n\nIt went home.") is None


SNIFFED = {
    b"%PDF-1.7": "pdf",
    b"WARC/1.1\r\n": "warc",
    b"  <!DOCTYPE html><html>": "html",
    b'<?xml version="1.0"?><rss version="2.0">': "feed",
    b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">': "feed",
    b'<?xml version="1.0"?>\n<urlset>': "sitemap",
    b"<b>not</b> a page": None,
    b"The rss of things <rss>": None,
}


@pytest.mark.parametrize("head", SNIFFED)
def test_format_by_first_bytes(head: bytes) -> None:
    assert sniffed(head) == SNIFFED[head]
