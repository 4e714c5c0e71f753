"""`python -m benchmarks.page`: the page's server time over a generated archive of a million statements.

Each address is asked in this process, without a network, one after the other: first, and again. The archive is
that of `benchmarks.page_archive`.
"""

import argparse
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from fastapi.testclient import TestClient

from benchmarks.page_archive import A_DOCUMENT, write
from communique.archive.reviews import review
from communique.archive.store import open_archive
from communique.coding.issue_codebook import load_issues
from communique.coding.phrases import load_phrases
from communique.web.app import create_app
from communique.web.index import Indexed
from communique.web.settings import Settings


def addresses() -> list[str]:
    """One of every kind of page, chart and call."""
    issue, phrase = next(iter(load_issues().issues)), next(iter(load_phrases().formulas)).replace(" ", "+")
    pages = [
        "/", "/?page=2", "/?page=1000", "/?sort=surest", "/?q=ceasefire+convoy", "/?q=satron", "/?q=the",
        "/?q=%22of+the%22",
        "/?q=cease*", "/?q=lena+novak", "/?q=convoy&what=events", "/?q=convoy&actor=CHN&sort=oldest",
        "/?actor=CHN&target=USA",
        "/?actor=person/lena-osei-chn", f"/?issue={issue}", "/?kind=direct", "/?event=ACCUSE", "/?language=fr",
        "/?publisher=Paper+3&from=2020&to=2021", "/?what=events", "/?what=events&quad=VERBAL+CONFLICT&done=1",
        "/?what=positions", "/?what=phrases", "/documents/doc-77", "/documents", "/documents?page=100", "/actors",
        "/actors?called=lena", "/actors/CHN", "/actors/CHN/mfa", "/actors/VEN", "/dyad", "/dyad?source=CHN&target=USA",
        "/dyad?source=PER&target=CHL", "/issues", f"/issues/{issue}", "/wording", f"/wording?phrase={phrase}",
        f"/changes?actor=PER&issue={issue}", "/network", "/network?kind=actor-actor&from=2020-01&to=2020-12",
        "/clusters",
        "/clusters?actor=CHN&from=2022", "/review", "/review?table=events", "/sql", "/api", "/about",
    ]  # fmt: skip
    charts = [
        "/charts/acts.json?source=CHN&target=USA", "/charts/intensity.json?source=CHN&target=USA",
        "/charts/stances.json?actor=CHN", f"/charts/standings.json?issue={issue}", f"/charts/matrix.json?issue={issue}",
        f"/charts/formula.json?phrase={phrase}", "/charts/network.json",
    ]  # fmt: skip
    calls = [
        "/api/overview", "/api/statements", "/api/statements?actor=CHN", "/api/statements?q=ceasefire+convoy",
        "/api/events",
        "/api/positions", "/api/phrases", "/api/documents/doc-77", "/api/openapi.json",
    ]  # fmt: skip
    return [*pages, *charts, *calls, "/export?format=csv&actor=CHN&from=2023-01"]


def ask(client: TestClient, address: str, times: int) -> str:
    """A row of the table: times of the first answer and of all, the processor's time, and what goes over the line."""
    took, worked = [], []
    for _ in range(times):
        began, at_work = time.perf_counter(), time.process_time()
        with client.stream("GET", address, follow_redirects=False) as answer:
            sent = b"".join(answer.iter_raw())
        took.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - at_work))
    wrong = "" if answer.status_code == 200 else f" (status {answer.status_code})"
    return (
        f"| {address}{wrong} | {took[0]:,.0f} | {median(took):,.0f} | {max(took):,.0f} | {median(worked):,.0f} | "
        f"{len(sent) / 1000:,.0f} |"
    )


def grow(client: TestClient, index: Indexed, folder: Path) -> None:
    """What 500 documents more take, and a review: for the index, and for the first page after it."""
    plain = open_archive(folder)
    review(plain, "statements", index.query("SELECT id FROM statements LIMIT 1")[0][0].as_py(), "reject", "ada")
    print(f"\nfirst answer after a review: {ask(client, '/?q=ceasefire+convoy', 1)}")
    print(f"first after a review: {ask(client, '/actors/CHN', 1)}\nfirst after it: {ask(client, '/', 1)}")
    documents = index.query("SELECT count(*) FROM documents")[0][0].as_py()
    write(folder, round(500 * A_DOCUMENT), documents)
    began, at_work, before = time.perf_counter(), time.process_time(), index.state(rows_only=True)
    while index.state(rows_only=True) == before:
        time.sleep(0.05)
    took, worked = time.perf_counter() - began, time.process_time() - at_work
    print(f"500 documents more are in the index after {took:.1f} s ({worked:.1f} s of work)")
    print(f"first answer then: {ask(client, '/', 1)}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=5, help="how often each address is asked")
    parser.add_argument("--archive", type=Path, help="ask this archive; generated where there is none")
    parser.add_argument("--only", default="", help="only addresses that hold this")
    parser.add_argument("--grow", action="store_true", help="add 500 documents and a review then; changes the archive")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        archive = given.archive or Path(folder) / "archive"
        if not archive.exists():
            began = time.perf_counter()
            write(archive, given.statements)
            print(f"written in {time.perf_counter() - began:,.0f} s\n")
        app = create_app(Settings(str(archive)))
        began, at_work = time.perf_counter(), time.process_time()
        with TestClient(app) as client:
            print(f"first answer, before there is an index: {ask(client, '/', 1)}")
            app.state.archive.ready(3600)
            print(
                f"index made in {time.perf_counter() - began:,.0f} s ({time.process_time() - at_work:,.0f} s of work)"
            )
            before = 0.0
            while time.process_time() - before > 0.1:  # what is computed ahead
                before = time.process_time()
                time.sleep(2)
            print(
                "\n| address | first ms | median ms | maximum ms | processor ms | kB sent |\n|---|---|---|---|---|---|"
            )
            for address in addresses():
                if given.only in address:
                    print(ask(client, address, given.times), flush=True)
            if given.grow:
                grow(client, app.state.archive, archive)


if __name__ == "__main__":
    main()
