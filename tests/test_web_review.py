"""Correcting through the page: what is decided counts in all answers, and the machine's row stays."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from communique.archive.store import open_archive
from web_client import log_in, make_client, make_users, token_of
from web_records import story

JSON = {"accept": "application/json"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_users(tmp_path)
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    made = make_client(folder, users=folder / "users")
    assert log_in(made).status_code == 303
    yield made


def total(client: TestClient, query: str = "") -> int:
    return int(client.get(f"/api/statements?limit=1&{query}").json()["total"])


def send(client: TestClient, address: str, **form: object) -> object:
    token = token_of(client.get("/review").text)
    return client.post(address, data={"token": token, **form}, headers=JSON)


def test_a_rejected_statement_is_out_of_the_answers_and_struck_in_its_text(client: TestClient, folder: Path) -> None:
    row = story(3).statements[0].id
    answer = send(client, "/review", table="statements", row=row, decision="reject", reason="a headline")
    assert answer.json() | {"id": ""} == {"id": "", "row": row, "decision": "reject", "reviewer": "ada"}  # type: ignore[attr-defined]
    assert total(client) == 47
    page = client.get("/documents/story-3").text
    assert re.search(rf'<li id="{row}"><div class="c0 l0 rejected"', page)
    assert "rejected</span> by ada" in page and "a headline" in page
    assert (
        open_archive(folder / "archive", machine_only=True)
        .query("SELECT count(*) FROM statements")
        .column(0)[0]
        .as_py()
        == 48
    )


def test_a_confirmed_row_stays_as_it_is_and_leaves_the_queue(client: TestClient) -> None:
    row = story(3).statements[3].id
    assert f"#{row}" in client.get("/review").text
    send(client, "/review", table="statements", row=row, decision="confirm")
    assert total(client) == 48
    page = client.get("/review").text
    assert f"#{row}" not in page[: page.index("<h2>Agreement")]
    assert "100" in page[page.index("<h2>Agreement") :]


def test_a_changed_speaker_counts_with_its_country(client: TestClient) -> None:
    row = story(3).statements[0].id
    form = client.get(f"/review/statements/{row}").text
    assert 'name="source" value="person/ada-vik"' in form
    fields = {
        "source": "person/luis-rojas",
        "addressees": "NOR, PER",
        "kind": "indirect",
        "negated": "no",
        "occasion": "",
        "date": "2024-04-05",
    }
    answer = send(client, f"/review/statements/{row}", **fields, reason="it was he")
    assert answer.headers["location"] == f"/documents/story-3#{row}"  # type: ignore[attr-defined]
    found = client.get("/api/statements?actor=PER&limit=100").json()
    changed = next(r for r in found["rows"] if r["id"] == row)
    assert (changed["actor"], changed["addressees"]) == ("person/luis-rojas", ["NOR", "PER"])
    page = client.get("/documents/story-3").text
    assert "corrected</span> by ada" in page and "it was he" in page


def test_a_speaker_may_be_named_and_must_be_known(client: TestClient) -> None:
    row = story(3).statements[0].id
    same = {"kind": "indirect", "negated": "no", "occasion": "", "date": "2024-04-05"}
    send(client, f"/review/statements/{row}", source="luis rojas", addressees="United Nations, Norway", **same)
    found = next(r for r in client.get("/api/statements?limit=100").json()["rows"] if r["id"] == row)
    assert (found["actor"], found["addressees"]) == ("person/luis-rojas", ["IGO/un", "NOR"])
    answer = send(client, f"/review/statements/{row}", source="Narnia", addressees="PER", **same)
    assert answer.status_code == 400 and "nobody is called &#39;Narnia&#39;" in answer.text  # type: ignore[attr-defined]
    answer = send(client, "/review/add", document="story-3", start=0, end=6, kind="direct", actor="Narnia")
    assert answer.status_code == 400  # type: ignore[attr-defined]


def test_decisions_are_told_in_words(client: TestClient) -> None:
    row = story(3).statements[0].id
    same = {"addressees": "PER", "kind": "indirect", "occasion": "", "date": "2024-04-05"}
    send(client, f"/review/statements/{row}", source="Luis Rojas", negated="no", **same)
    page = client.get("/review").text
    newest = page[page.index("Newest decisions") :]
    assert ">that Peru must respect the ban on whaling</a>" in newest and "source: person/luis-rojas" in newest
    assert "source_country" not in newest
    assert "alpha by column" in page


def test_the_queue_goes_on_as_it_began(client: TestClient) -> None:
    there = client.get("/review/next?table=events&by=random").headers["location"]
    assert "table=events&by=random" in there and "layers=events" in there


def test_a_second_change_keeps_the_first(client: TestClient) -> None:
    row = story(3).statements[0].id
    same = {"addressees": "PER", "kind": "indirect", "occasion": "", "date": "2024-04-05"}
    send(client, f"/review/statements/{row}", source="person/luis-rojas", negated="no", **same)
    send(client, f"/review/statements/{row}", source="person/luis-rojas", negated="yes", **same)
    found = next(r for r in client.get("/api/statements?limit=100").json()["rows"] if r["id"] == row)
    assert (found["actor"], found["negated"]) == ("person/luis-rojas", True)


def test_a_changed_class_of_event_takes_its_quad_class_along(client: TestClient) -> None:
    row = story(3).events[0].id
    send(
        client,
        f"/review/events/{row}",
        sources="NOR",
        targets="PER",
        plover="ACCUSE",
        mode="",
        modality="demanded",
        date="2024-04-05",
    )
    found = next(r for r in client.get("/api/events?limit=100").json()["rows"] if r["id"] == row)
    assert (found["plover"], found["quad"]) == ("ACCUSE", "VERBAL CONFLICT")


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [("plover", "FUNNY", "plover"), ("date", "someday", "date"), ("sources", "NOR", "nothing is changed")],
)
def test_a_value_that_does_not_fit_is_told_and_kept_in_the_form(
    client: TestClient, field: str, value: str, why: str
) -> None:
    row = story(3).events[0].id
    same = {
        "sources": "NOR",
        "targets": "PER",
        "plover": "REQUEST",
        "mode": "",
        "modality": "demanded",
        "date": "2024-04-05",
    }
    answer = send(client, f"/review/events/{row}", **{**same, field: value})
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert why in answer.text  # type: ignore[attr-defined]


def test_a_missed_statement_is_added_where_the_words_stand(client: TestClient) -> None:
    text = story(3).document.text
    start = text.index("mutual respect was")
    words = "mutual respect was the basis of trade"
    answer = send(
        client,
        "/review/add",
        document="story-3",
        start=start - 1,
        end=start + len(words) + 1,
        actor="person/ada-vik",
        kind="indirect",
    )
    address = answer.headers["location"]  # type: ignore[attr-defined]
    row = address.partition("#at-")[2]
    assert total(client) == 49
    found = next(r for r in client.get("/api/statements?actor=NOR&limit=100").json()["rows"] if r["id"] == row)
    assert found["words"] == words + "."
    page = client.get("/documents/story-3").text
    assert f'id="at-{row}"' in page and "added</span> by ada" in page


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 3), (0, 100_000), (45, 46)])
def test_words_that_are_not_there_cannot_be_added(client: TestClient, start: int, end: int) -> None:
    answer = send(client, "/review/add", document="story-3", start=start, end=end, kind="direct")
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert total(client) == 48


def test_the_next_row_that_waits_is_the_least_sure(client: TestClient) -> None:
    answer = client.get("/review/next?table=statements")
    page, _, row = answer.headers["location"].partition("#")
    assert any(s.id == row and s.confidence == 0.62 for n in range(12) for s in story(n).statements)
    assert client.get(page).status_code == 200


def test_two_reviewers_are_counted_and_compared(client: TestClient, folder: Path) -> None:
    other = make_client(folder, users=folder / "users")
    log_in(other, "luis")
    row = story(3).statements[0].id
    send(client, "/review", table="statements", row=row, decision="confirm")
    send(other, "/review", table="statements", row=row, decision="reject")
    words = " ".join(re.sub(r"<[^>]+>", " ", client.get("/review").text).split())
    assert "statements 2 50 % 1 0 %" in words
    assert "luis 0 0 1 0" in words and "ada 1 0 0 0" in words


def test_a_row_that_is_not_there_cannot_be_reviewed(client: TestClient) -> None:
    answer = send(client, "/review", table="statements", row="none", decision="confirm")
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert send(client, "/review", table="documents", row="story-3", decision="confirm").status_code == 400  # type: ignore[attr-defined]
