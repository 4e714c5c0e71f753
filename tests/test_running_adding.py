"""Documents into an archive: nothing twice, nothing lost, copies kept uncoded, failures with their reasons."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.archive.store import Archive, open_archive
from communique.reading import Failure
from communique.reading.text import document_from_text
from communique.records import Coder, Content, Document, Record, Statement
from communique.running.adding import add

CODER = Coder(version="0", codebook="0", registry="0")
TOPICS = ["fish", "grain", "steel", "visas", "rivers", "air routes", "islands", "debt", "cables", "gas", "bees", "rice"]


def stand_in(document: Document) -> Record:
    """One statement a document; a text with "fail" in it cannot be coded."""
    if "fail" in document.text:
        raise ValueError("no sense in it")
    statement = Statement(id="s" + document.id, content=Content(spans=((0, 5),)), kind="direct")
    return Record(document=document, statements=(statement,), coder=CODER)


def _document(n: int, words: str = "") -> Document:
    topic = TOPICS[n % len(TOPICS)]
    text = f"Round {n} of the talks about {topic} began on day {n * 7}. {words} Nobody spoke about {topic} before {n}."
    return document_from_text(text, url=f"https://n.example/{n}", language="en")


def _add(items: list[Document | Failure] | Iterator[Document | Failure], archive: Archive, **given: object):  # type: ignore[no-untyped-def]
    return add(items, archive, code=stand_in, **{"coder": CODER, "workers": 1, "duplicates": False, **given})  # type: ignore[arg-type]


def test_records_and_failures_are_kept_and_counted(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    items = [_document(0), Failure("x.txt", "x.txt: empty"), _document(1, "fail"), _document(2)]
    progress = _add(items, archive)
    assert (progress.coded, progress.failed, progress.known, progress.done) == (2, 2, 0, 4)
    assert [r.document for r in archive.records()] == sorted([items[0], items[3]], key=lambda d: d.id)  # type: ignore[union-attr]
    reasons = archive.query("SELECT reason FROM failures ORDER BY reason").column(0).to_pylist()
    assert reasons == [f"{items[2].url}: not coded (ValueError: no sense in it)", "x.txt: empty"]  # type: ignore[union-attr]


def test_the_same_input_again_codes_nothing(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    _add([_document(n) for n in range(4)], archive)
    before = list(archive.records())
    progress = _add([_document(n) for n in range(5)], archive)
    assert (progress.known, progress.coded) == (4, 1)
    assert [r for r in archive.records() if r in before] == before


def test_a_document_twice_in_one_run_is_coded_once(tmp_path: Path) -> None:
    progress = _add([_document(1), _document(2), _document(1)], open_archive(tmp_path / "a"))
    assert (progress.coded, progress.known) == (2, 1)


def test_another_coder_codes_anew(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    _add([_document(1)], archive)
    newer = CODER.model_copy(update={"version": "1"})
    progress = _add([_document(1)], archive, coder=newer)
    assert progress.coded == 1


def test_other_languages_are_kept_uncoded(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    german = document_from_text("Das Ministerium erklärte am Dienstag, es werde alle Fragen schriftlich beantworten.")
    progress = _add([german], archive)
    assert (progress.coded, progress.passed_over) == (0, 1)
    (record,) = archive.records()
    assert record.document.language == "de" and record.statements == ()


def test_two_processes_keep_what_one_keeps(tmp_path: Path) -> None:
    items = [_document(n, "fail" if n == 5 else "word " * n) for n in range(60)]
    archives = [open_archive(tmp_path / str(n)) for n in (1, 2)]
    for workers, archive in enumerate(archives, 1):
        _add(items, archive, workers=workers)
    assert list(archives[0].records()) == list(archives[1].records())
    assert len(list(archives[0].records())) == 59


def test_ctrl_c_keeps_what_is_coded_and_the_next_run_does_the_rest(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    documents = [_document(n) for n in range(30)]

    def press(progress: object) -> None:
        if getattr(progress, "coded", 0) == 11:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _add(documents, archive, report=press)
    assert len(list(archive.records())) == 11
    progress = _add(documents, archive)
    assert (progress.known, progress.coded) == (11, 19)


def test_near_copies_are_kept_uncoded_and_one_of_each_family_is_coded(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    body = " ".join(
        f"On the {topic} the two delegations agreed to meet again and to share figures." for topic in TOPICS
    )
    first = document_from_text(f"OSLO (Agency A) - {body}", url="https://a.example/1", language="en")
    copy = document_from_text(f"{body} Written by B.", url="https://b.example/1", language="en")
    later = document_from_text(f"By C. {body}", url="https://c.example/1", language="en")
    other = _document(1, "Something else.")
    progress = _add([first, copy, other], archive, duplicates=True)
    assert (progress.coded, progress.passed_over) == (2, 1)
    progress = _add([later], archive, duplicates=True)
    assert (progress.coded, progress.passed_over) == (0, 1)
    marks = {r.document.id: (r.document.duplicate_of, len(r.statements)) for r in archive.records()}
    assert marks == {first.id: (None, 1), copy.id: (first.id, 0), later.id: (first.id, 0), other.id: (None, 1)}


def test_a_copy_stands_in_for_an_original_that_cannot_be_coded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = open_archive(tmp_path / "a")
    broken, copy = _document(1, "fail"), _document(2)
    monkeypatch.setattr(
        Archive, "mark_duplicates", lambda _, d: [d[0], d[1].model_copy(update={"duplicate_of": d[0].id})]
    )
    progress = _add([broken, copy], archive, duplicates=True)
    assert (progress.coded, progress.failed) == (1, 1)
    (record,) = archive.records()
    assert record.document == copy and len(record.statements) == 1
