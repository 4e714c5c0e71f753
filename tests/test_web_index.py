"""The index answers as the archive's own files do: at first, after reviews and after more documents."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest

from communique.archive.reviews import review
from communique.archive.store import Archive, open_archive
from communique.errors import InputError
from communique.records import Document, Record
from communique.web import asking, choices, correcting, decisions, formulas, happenings, showing, sql, summaries
from communique.web.app import create_app
from communique.web.filters import KINDS, Filters, Kind
from communique.web.index import Indexed, filling, indexed, words
from communique.web.settings import Settings
from web_client import log_in, make_archive, make_client, make_users, token_of
from web_records import ACTORS, CODER, stories, story

ASKED = (
    Filters(),
    *(
        Filters(q=q)
        for q in (
            "whaling", "ban", "WHALING", '"respect the ban"', '"the ban on"', "accus*", "40", "whal* ban", "ada",
            "Ada Vik", "peru", '"mutual  respect"', "norwegian diplomat", "b>calf", "vik*", '"hunts 40 wh*"',
            "nothing-here",
            "&", "%",
            "environment", "İstanbul", "it's", "*",
        )
    ),
    Filters(actor="NOR"), Filters(actor="person/luis-rojas"), Filters(target="PER"), Filters(actor="NOR", target="PER"),
    Filters(issue="environment"), Filters(kind="direct"), Filters(kind="denial"), Filters(event="SANCTION"),
    Filters(quad="VERBAL CONFLICT"), Filters(phrase="mutual respect"), Filters(done=True), Filters(language="en"),
    Filters(publisher="The Fjord Post"), Filters.model_validate({"from": "2024-03", "to": "2024-06"}),
)  # fmt: skip


AGAIN = tuple(
    f
    for f in ASKED
    if f.q in ("ban", '"the ban on"', "accus*", "ada", "peru", '"hunts 40 wh*"', "environment") or not f.q
)
"""Of these, enough to see that a change has come to words, phrases, beginnings, names and every filter."""


def same(plain: Archive, index: Archive, questions: tuple[Filters, ...] = AGAIN) -> None:
    """All these questions of the page get the same answers."""
    for n, (kind, asked) in enumerate(product(KINDS, questions)):
        if kind != "statements" and n % 4:
            continue
        sort = [*asking.SORTS][n % len(asking.SORTS)]
        one, other = (answers(a, kind, asked, sort, n % 3 == 0) for a in (plain, index))
        assert one == other, (kind, asked, sort)
    for summary in (
        choices._choices, choices.overview, happenings.pairs, summaries.issues, formulas.formulas, decisions.agreement,
        lambda a: summaries.actors(a, "", 1, 50), lambda a: happenings.clusters(a, "TRUE", 1, 50),
        lambda a: summaries.actor(a, "NOR"), lambda a: summaries.stances_by_actor(a, "environment"),
        lambda a: summaries.stances_over_time(a, "environment"), lambda a: formulas.users_of(a, "mutual respect"),
        lambda a: correcting.queue(a, "events", "confidence"), lambda a: asking.suggestions(a, "per"),
        lambda a: [r.model_dump() for r in a.records()],
    ):  # fmt: skip
        assert summary(plain) == summary(index)


def answers(archive: Archive, kind: Kind, asked: Filters, sort: str, printed: bool) -> Any:
    """The first page, the rest by cursor, and the first as the page prints it if that is wanted."""
    first = asking.find(archive, kind, asked, sort, size=7)
    second = asking.find(archive, kind, asked, sort, size=100, cursor=first.cursor) if first.cursor else None
    return first, second, showing.in_context(archive, kind, first, asked.q) if printed else None


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Archive, Indexed]]:
    make_archive(tmp_path)
    plain = open_archive(tmp_path / "archive")
    index = Indexed(plain.storage)
    assert index.update()
    yield plain, index
    index.stop()


def test_answers_are_the_same_with_the_index(both: tuple[Archive, Indexed]) -> None:
    same(*both, ASKED)
    assert asking.find(both[1], "statements", Filters(q="whaling")).total == 12, "the questions find something"
    assert asking.find(both[1], "events", Filters(q="Ada Vik")).rows == []


def test_answers_are_the_same_after_reviews_of_every_kind(both: tuple[Archive, Indexed]) -> None:
    plain, index = both
    statements = [r["id"] for r in asking.rows(plain, "SELECT id FROM statements ORDER BY day, n")]
    events = [r["id"] for r in asking.rows(plain, "SELECT id FROM events ORDER BY day, n")]
    positions = [r["id"] for r in asking.rows(plain, "SELECT id FROM positions ORDER BY day, n")]
    review(plain, "statements", statements[0], "reject", "ada")
    review(plain, "statements", statements[1], "correct", "ada", {"content": "We reject these words", "source": "NOR"})
    review(plain, "events", events[0], "correct", "ada", {"plover": "ACCUSE", "quad": "VERBAL CONFLICT"})
    review(plain, "positions", positions[0], "correct", "bo", {"issues": ["territory"], "kind": "support"})
    same(plain, index)
    assert not index.update() or asking.find(index, "statements", Filters(q='"these words"')).total == 1
    review(plain, "statements", statements[0], "confirm", "bo")  # takes the rejection back
    review(plain, "positions", positions[1], "reject", "bo")
    correcting.add_statement(index, "story-3", 0, 6, "PER", "direct", "ada", None)
    correcting.add_statement(index, "story-4", 7, 20, "", "direct", "ada", None)
    same(plain, index)
    assert asking.find(index, "statements", Filters(issue="territory")).total == 1


def test_answers_are_the_same_after_more_documents(both: tuple[Archive, Indexed]) -> None:
    plain, index = both
    before = asking.find(index, "statements", Filters()).total
    first = asking.rows(plain, "SELECT id FROM statements ORDER BY day, n LIMIT 1")[0]["id"]
    review(plain, "statements", first, "correct", "ada", {"source": "PER"})
    again = stories()[0]
    changed = again.model_copy(update={"coder": CODER.model_copy(update={"version": "0.2"})})
    copy = story(20, "2024-08-01")
    reprint = copy.model_copy(update={"document": copy.document.model_copy(update={"duplicate_of": "story-1"})})
    plain.add([changed, story(30, "2025-01-05", "support"), reprint])
    assert asking.find(index, "statements", Filters()).total == before, "the index before answers meanwhile"
    assert index.update()
    same(plain, index)
    assert asking.find(index, "statements", Filters()).total == before + 4
    assert not index.update(), "nothing new"


def test_rows_that_come_do_not_get_the_words_of_rows_that_are_gone(both: tuple[Archive, Indexed]) -> None:
    plain, index = both
    newest = asking.find(plain, "statements", Filters(), "oldest").rows[0]["document"]  # its rows are the last ones
    before = asking.find(index, "statements", Filters(q="calves")).total
    again = next(r for r in stories() if r.document.id == newest)
    words = "Nothing of what was said is said again. " * 10
    text = again.document.model_copy(update={"text": words[: len(again.document.text)].ljust(len(again.document.text))})
    plain.add([again.model_copy(update={"document": text, "coder": CODER.model_copy(update={"version": "0.3"})})])
    assert index.update()
    for q in ("calves", "whaling", '"said is"'):
        one, other = (asking.find(a, "statements", Filters(q=q), size=60) for a in (plain, index))
        assert one == other, (q, before)


def test_phrases_of_frequent_and_of_rare_words_are_found_alike(
    both: tuple[Archive, Indexed], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, _ = both
    monkeypatch.setattr(words, "FREQUENT", 0.3)
    index = Indexed(plain.storage)
    index.update()
    frequent = [
        w for (w,) in index.connection().cursor().execute("SELECT written FROM words.frequent_statements").fetchall()
    ]
    assert "peru" in frequent and "whaling" not in frequent
    for q in (
        "the ban", "the ban on", "ban on whaling", "respect the ban", "hunts 40 wh*", "on wha*", "the  ban", "ban the",
        "peru hunts", "that peru", "that peru hunts", "peru hunts 40 whales", "hunts pe*", "that peru h*", "a b",
    ):  # fmt: skip
        one, other = (asking.find(a, "statements", Filters(q=f'"{q}"'), size=60) for a in (plain, index))
        assert one == other, q
    index.stop()


def test_compaction_changes_nothing(both: tuple[Archive, Indexed]) -> None:
    from communique.archive.compacting import compact

    plain, index = both
    plain.add([story(30)])
    compact(plain)
    index.update()
    same(plain, index, AGAIN[::3])


def test_machine_only_leaves_reviews_out(both: tuple[Archive, Indexed]) -> None:
    plain, _ = both
    row = asking.rows(plain, "SELECT id FROM statements LIMIT 1")[0]["id"]
    review(plain, "statements", row, "reject", "ada")
    machine, index = Archive(plain.storage, machine_only=True), Indexed(plain.storage, machine_only=True)
    index.update()
    same(machine, index, AGAIN[::3])
    assert asking.find(index, "statements", Filters()).total == 48
    index.stop()


def test_letters_beyond_ascii_are_found_alike(tmp_path: Path) -> None:
    text = "İstanbul, ΟΔΟΣ and ſaint Straße said: Владивосток’s “co-operation” cost 3½ € – naïve.\n"
    spans = ((0, len(text) - 1),)
    record = story().model_copy()
    statement = record.statements[0].model_copy(
        update={
            "content": record.statements[0].content.model_copy(update={"spans": spans}),
            "source": record.statements[0].source.model_copy(update={"spans": ()}),
            "cue": record.statements[0].cue.model_copy(update={"spans": ()}),
        }
    )
    document = Document(id="letters", text=text, published="2024-01-01")
    made = Record(document=document, actors=tuple(ACTORS.values()), statements=(statement,), coder=CODER)
    archive = open_archive(tmp_path / "letters")
    archive.add([made])
    index = Indexed(archive.storage)
    index.update()
    found = {}
    searches = (
        "istanbul İstanbul ΟΔΟΣ οδος οδοσ saint ſaint straße STRASSE владивосток Влад* "
        "co-operation co operation co-op* 3½ ½ € naïve naive –"
    )
    for q in [*searches.split(), '"said: Владивосток"']:
        one, other = (asking.find(a, "statements", Filters(q=q)).total for a in (archive, index))
        assert one == other, q
        found[q] = other
    assert found["владивосток"] == found["Влад*"] == found["co-operation"] == found["co-op*"] == found["naïve"] == 1
    assert found["naive"] == 0
    index.stop()


def test_a_row_without_words_or_actors_is_no_trouble(both: tuple[Archive, Indexed]) -> None:
    plain, index = both
    row = asking.rows(plain, "SELECT id FROM statements LIMIT 1")[0]["id"]
    review(plain, "statements", row, "correct", "ada", {"content": "…", "source": None, "addressees": []})
    for q in ("", "…"):
        one, other = (asking.find(a, "statements", Filters(q=q)) for a in (plain, index))
        assert one == other


def test_the_index_can_only_be_read(both: tuple[Archive, Indexed]) -> None:
    _, index = both
    for text in (
        "DELETE FROM base.statements",
        "CREATE TABLE mine (a INTEGER)",
        "INSERT INTO callings VALUES ('a', 'b', 1)",
    ):
        with pytest.raises(InputError, match="read-only"):
            index.ask(text)
    for text in ("SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM '/etc/hostname'", "SET memory_limit='9GB'"):
        with pytest.raises(InputError):
            index.ask(text)


def test_typed_sql_sees_the_archive_and_not_the_index(both: tuple[Archive, Indexed]) -> None:
    _, index = both
    settings = Settings("unused")
    assert sql.answer(index, "SELECT count(*) FROM statements", settings).rows == [[48]]
    for name in ("base.statements", "words.known", "callings"):
        with pytest.raises(InputError, match="does not exist"):
            sql.answer(index, f"SELECT * FROM {name}", settings)


def test_an_index_that_cannot_be_made_leaves_the_files_to_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> duckdb.DuckDBPyConnection:
        raise OSError("no room on the disk")

    monkeypatch.setattr(filling, "create", broken)
    with make_client(tmp_path) as client:
        index = cast(Indexed, client.app.state.archive)  # type: ignore[attr-defined]
        assert not index.ready(0.5)
        assert "<b>" in client.get("/?q=whaling").text
    assert "no room on the disk" in caplog.text


def test_the_page_answers_while_the_index_is_made_and_shows_new_documents_and_reviews(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexed, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(indexed, "REST", 0.0)
    with make_client(tmp_path, users=make_users(tmp_path)) as client:
        assert client.get("/").status_code == 200
        index = cast(Indexed, client.app.state.archive)  # type: ignore[attr-defined]
        assert index.ready(30)
        log_in(client)
        page = client.get("/documents/story-3").text
        row = asking.rows(index, "SELECT id FROM statements WHERE document = 'story-3' LIMIT 1")[0]["id"]
        assert client.get("/api/statements").json()["total"] == 48
        form = {"token": token_of(page), "table": "statements", "row": row, "decision": "reject"}
        assert client.post("/review", data=form, headers={"accept": "application/json"}).status_code == 200
        assert client.get("/api/statements").json()["total"] == 47, "at once"
        open_archive(tmp_path / "archive").add([story(40, "2026-01-01")])
        for _ in range(200):
            if client.get("/api/statements").json()["total"] == 51:
                break
            index._stopped.wait(0.05)
        assert client.get("/api/statements").json()["total"] == 51
        folder = Path(index._made.folder.name) if index._made else None
        assert folder is not None and folder.exists()
    assert not folder.exists(), "the index goes with the server"


def test_many_who_ask_at_once_are_answered(both: tuple[Archive, Indexed]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    _, index = both
    with ThreadPoolExecutor(8) as several:
        totals = list(several.map(lambda _: asking.find(index, "statements", Filters(q="whaling")).total, range(60)))
    assert totals == [12] * 60


def test_without_the_index_the_page_is_as_before(tmp_path: Path) -> None:
    make_archive(tmp_path)
    app = create_app(Settings(str(tmp_path / "archive"), index=False))
    assert not app.state.archive.ready()
