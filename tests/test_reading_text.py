"""Plain text in: what is kept, what is set aside and why."""

import gzip
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import communique
from communique.errors import InputError
from communique.reading import read, read_all
from communique.reading.source import LONGEST_TEXT
from communique.reading.text import decode, document_from_text, first_line_title, text_id


def _write(folder: Path, content: bytes, name: str = "a.txt") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_text_is_kept_but_for_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    path = _write(tmp_path, b"\xef\xbb\xbfThe minister  spoke.\r\nShe \xe2\x80\x9cwaited\xe2\x80\x9d.\r")
    (document,) = read(path, published="2024-05-06")
    assert document.text == "The minister  spoke.\nShe “waited”.\n"
    assert document.published == "2024-05-06"


REFUSED = {
    "nothing": (b"", "empty"),
    "only blanks": (b" \n\t\n", "empty"),
    "an object file": (b"\x7fELF\x02\x01\x01\x00\x00\x00" * 50, "binary content"),
    "a legacy encoding": ("Caf\u00e9 diplomacy".encode("cp1252"), "byte 3 is 0xe9"),
    "half a character": (b"Dialogue \xe2\x80", "not UTF-8"),
    "too long": (b"word " * (LONGEST_TEXT // 5 + 1), "split it"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_one_reason(case: str, tmp_path: Path) -> None:
    content, reason = REFUSED[case]
    path = _write(tmp_path, content)
    with pytest.raises(InputError, match=reason) as caught:
        list(read(path))
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_missing_file_and_folder_without_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(read(tmp_path / "none.txt"))
    with pytest.raises(InputError, match="without files"):
        list(read(tmp_path))


def test_legacy_encoding_by_name(tmp_path: Path) -> None:
    path = _write(tmp_path, "Café".encode("cp1252"))
    assert next(read(path, encoding="cp1252")).text == "Café"
    with pytest.raises(InputError, match="unknown encoding"):
        list(read(path, encoding="martian"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_tell_the_encoding(encoding: str) -> None:
    assert decode("Ségou".encode(encoding), "x") == "Ségou"


@pytest.mark.parametrize("day", ["30 January 2023", "2023-02-30", "2023-1-3", "20230130", "2023-01-30x"])
def test_bad_date_of_publication(day: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        list(read(_write(tmp_path, b"Text."), published=day))


def test_batch_goes_on_behind_bad_input(tmp_path: Path) -> None:
    good, bad = _write(tmp_path, b"Talks began.", "b.txt"), _write(tmp_path, b"", "a.txt")
    failed: list[tuple[str, str]] = []
    found = list(read_all([bad, good, tmp_path / "none.txt"], on_failure=lambda *f: failed.append(f)))
    assert [d.text for d in found] == ["Talks began."]
    assert [source for source, _ in failed] == [str(bad), str(tmp_path / "none.txt")]


def test_folder_in_order_of_names_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden.txt"):
        _write(tmp_path, name.encode(), name)
    (tmp_path / "inner").mkdir()
    _write(tmp_path / "inner", b"deep", "z.txt")
    _write(tmp_path, b"x", "photo.jpeg")
    failed: list[str] = []
    assert [d.text for d in read_all([tmp_path], on_failure=lambda s, r: failed.append(r))] == [
        "a.txt",
        "b.txt",
        "deep",
    ]
    assert len(failed) == 1 and ".jpeg" in failed[0]


def test_gzip_is_undone_and_a_bomb_is_refused(tmp_path: Path) -> None:
    two_members = gzip.compress(b"First. ") + gzip.compress(b"Second.")
    assert next(read(_write(tmp_path, two_members, "a.txt.gz"))).text == "First. Second."
    with pytest.raises(InputError, match="more than 64 MB"):
        list(read(_write(tmp_path, gzip.compress(b" " * 80_000_000), "bomb.txt.gz")))
    with pytest.raises(InputError, match="broken gzip"):
        list(read(_write(tmp_path, gzip.compress(b"Text. " * 999)[:-9], "cut.txt.gz")))


def test_zstandard_is_undone_and_a_bomb_is_refused(tmp_path: Path) -> None:
    def packed(raw: bytes) -> bytes:
        return bytes(pa.Codec("zstd").compress(raw, asbytes=True))

    two_frames = packed(b"First. ") + packed(b"Second.")
    assert next(read(_write(tmp_path, two_frames, "a.txt.zst"))).text == "First. Second."
    lines = b'{"text": "One."}\n{"text": "Two."}'
    assert [d.text for d in read(_write(tmp_path, packed(lines), "a.jsonl.zst"))] == ["One.", "Two."]
    with pytest.raises(InputError, match="more than 64 MB"):
        list(read(_write(tmp_path, packed(b" " * 80_000_000), "bomb.txt.zst")))
    with pytest.raises(InputError, match="cannot be read"):
        list(read(_write(tmp_path, two_frames[:5] + b"\xff" * 20, "broken.txt.zst")))


TITLES = {
    "Ministry opens talks\n\nThe ministry opened talks on Monday.": "Ministry opens talks",
    "Will the talks go on?\n\nNobody knew on Monday.": "Will the talks go on?",
    "The ministry opened talks on Monday.\n\nIt did so at noon.": None,
    "Ministry opens talks\nThe ministry opened talks.": None,
    "Only one line": None,
    "KYIV, March 3 (Agency) - Talks went on\n\nThey were long.": None,
    "Q: Any comment on the talks\n\nA: None.": None,
}


@pytest.mark.parametrize("text", TITLES)
def test_first_line_as_title(text: str) -> None:
    assert first_line_title(text) == TITLES[text]


KINDS = {
    "AFP: Will you go?\n\nMao Ning: I know nothing.\n\nReuters: And the fee?\n\nMao Ning: Ask them.": "transcript",
    "MODERATOR: Good morning.\n\nQ: Any news?\n\nA: None so far.": "transcript",
    "Joint Statement on Fisheries\n\nThe two sides agree to share data.": "statement",
    "We meet at a hard time. Our people want peace, and we shall speak for it.": "statement",
    "The envoy said: talks failed. He left on Monday.": "report",
    "Envoy: “we leave”\n\nThe envoy said he would leave.\n\nNobody was surprised.\n\nIt rained.": "report",
}


@pytest.mark.parametrize("text", KINDS)
def test_kind_by_form(text: str) -> None:
    assert document_from_text(text).kind == KINDS[text]


LANGUAGES = {
    "The ministry said on Tuesday that it would answer every question in writing, sooner or later.": "en",
    "Das Ministerium erklärte am Dienstag, es werde alle Fragen schriftlich beantworten.": "de",
    "Le ministère a déclaré mardi qu’il répondrait à toutes les questions par écrit.": "fr",
    "外交部发言人周二表示，中方将以书面形式回答所有问题，并继续推动双方对话。": "zh",
    "Yes.": None,
}


@pytest.mark.parametrize("text", LANGUAGES)
def test_language(text: str) -> None:
    assert document_from_text(text).language == LANGUAGES[text]


@given(st.text(min_size=1, max_size=300))
def test_any_text_gives_a_document_that_json_keeps_or_a_reason(text: str) -> None:
    try:
        document = document_from_text(text)
    except InputError:
        assert not text.removeprefix("\ufeff").strip()
        return
    assert "\r" not in document.text
    assert type(document).model_validate_json(document.model_dump_json()) == document


@given(st.text(alphabet="ab \n\t", min_size=1, max_size=60))
def test_id_depends_on_words_and_address_not_on_white_space(text: str) -> None:
    assert text_id(text) == text_id(text.replace("\n", " \n ")) == text_id(" " + text)
    assert text_id(text) != text_id(text, "https://example.org/")
    assert text_id(text) != text_id(text + "c")


def test_top_level_read(tmp_path: Path) -> None:
    (document,) = communique.read(str(_write(tmp_path, b"Talks began.")))
    assert document.id == text_id("Talks began.")


def test_a_file_name_that_begins_with_a_date_gives_the_day(tmp_path: Path) -> None:
    (tmp_path / "2024-03-11-briefing.txt").write_text("The minister said so.")
    (tmp_path / "2024-13-11-briefing.txt").write_text("The minister said so again.")
    days = {d.text: d.published for path in sorted(tmp_path.iterdir()) for d in read(path)}
    assert days == {"The minister said so.": "2024-03-11", "The minister said so again.": None}
    assert [d.published for d in read(tmp_path / "2024-03-11-briefing.txt", published="2024-03-12")] == ["2024-03-12"]
