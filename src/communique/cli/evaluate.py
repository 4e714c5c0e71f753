"""`communique evaluate attribution|actors|events|positions|duplicates`: our own scores on annotated data."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from communique.actors.evaluate import Result

app = typer.Typer(no_args_is_help=True, help="Score the coder on annotated data.")


@app.command(epilog="Example: communique evaluate attribution gold.jsonl --errors 3")
def attribution(
    gold: Annotated[Path, typer.Argument(help="JSONL: id, text, attributions with source, cue and content spans.")],
    errors: Annotated[int, typer.Option(help="Show this many of the worst documents side by side.")] = 0,
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Without the learned tagger.")] = False,
    json_output: Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")] = False,
) -> None:
    """Source, cue, content and relation scores, broken down, and how far the confidence can be trusted."""
    from typing import Any

    from rich.console import Console
    from rich.progress import track
    from rich.table import Table

    from communique.attribution import Attribution, attribute
    from communique.attribution.evaluate import evaluate, read_gold
    from communique.parsing import Parse, parse_document
    from communique.records import Document, covered
    from communique.settings import load_settings

    documents = read_gold(gold)
    tagger = None if rules_only else load_settings().tagger
    console = Console()
    coded: dict[str, list[Attribution]] = {}

    def code(document: dict[str, Any]) -> tuple[Parse, list[Attribution]]:
        parse = parse_document(Document(id=document["id"], text=document["text"]))
        coded[document["id"]] = attribute(parse, tagger)
        return parse, coded[document["id"]]

    result = evaluate(track(documents, "coding", console=Console(stderr=True), transient=True), code)
    if json_output:
        scores = {r: {"p": s.precision, "r": s.recall, "f1": s.f1} for r, s in result.scores.items()}
        json.dump(scores, sys.stdout)
        sys.stdout.write("\n")
        return
    table = Table("", "precision", "recall", "F1")
    for role, s in result.scores.items():
        table.add_row(role, f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}")
    console.print(table)
    table = Table("gold relations", "", "found", "of")
    for trait, cells in result.breakdown.items():
        for value, s in cells.items():
            table.add_row(trait, value, f"{s.recall:.3f}", str(s.expected))
    console.print(table)
    table = Table("confidence", "share right", "statements")
    for middle, right, n in result.reliability:
        table.add_row(f"{middle - 0.05:.1f}-{middle + 0.05:.1f}", f"{right:.2f}", str(n))
    console.print(table)
    worst = sorted(result.documents, key=lambda d: (result.documents[d].f1, d))[:errors]
    for document in (d for d in documents if d["id"] in worst):
        table = Table("gold", "found", title=document["id"], show_lines=True, expand=True)
        text = document["text"]
        theirs = [
            " | ".join(covered(text, a[r]) for r in ("source", "cue", "content")) for a in document["attributions"]
        ]
        ours = [" | ".join(covered(text, s) for s in (a.source, a.cue, a.content)) for a in coded[document["id"]]]
        for n in range(max(len(theirs), len(ours))):
            table.add_row(*(" ".join(x[n].split()) if n < len(x) else "" for x in (theirs, ours)))
        console.print(table)


@app.command(epilog="Example: communique evaluate events marked.tsv --confusion")
def events(
    marked: Annotated[
        Path, typer.Argument(help="TSV: id, marked_sentence with <s>source</s> and <t>target</t>, plover.")
    ],
    confusion: Annotated[bool, typer.Option("--confusion", help="Print which classes are taken for which.")] = False,
    given_only: Annotated[bool, typer.Option("--given-only", help="Leave out the run with our own actors.")] = False,
) -> None:
    """Accuracy, macro F1 and quad-class F1 of event classes, with the actors given and with our own found."""
    from rich.console import Console
    from rich.progress import track
    from rich.table import Table

    from communique.actors import resolve
    from communique.actors.resolution import Resolution
    from communique.attribution import attribute
    from communique.coding.evaluate_events import classify_given, end_to_end, read_marked, score
    from communique.coding.events import code_events
    from communique.parsing import parse_document
    from communique.records import Document, Event
    from communique.settings import load_settings

    settings = load_settings()
    console, progress = Console(), Console(stderr=True)
    sentences = read_marked(marked)
    parses = [
        parse_document(Document(id=s.id, text=s.text), settings.spacy_model)
        for s in track(sentences, "parsing", console=progress, transient=True)
    ]
    found = score(sentences, classify_given(sentences, parses))
    table = Table("actors given", "")
    for name in ("accuracy", "macro_f1", "quad_accuracy", "quad_f1"):
        table.add_row(name.replace("_", " "), f"{getattr(found, name):.3f}")
    console.print(table)
    if confusion:
        table = Table("gold", "said", "sentences")
        for (gold, said), n in found.confusion.most_common():
            if gold != said:
                table.add_row(gold, said, str(n))
        console.print(table)
    if given_only:
        return
    by_id = {p.document.id: p for p in parses}

    def code(document: Document) -> tuple[Resolution, list[Event]]:
        parse = by_id[document.id]
        resolution = resolve(parse, attribute(parse, settings.tagger))
        return resolution, code_events(parse, resolution)

    ends = end_to_end(track(sentences, "coding", console=progress, transient=True), code)
    table = Table("our own actors", "")
    table.add_row("sentences with states on both sides", str(ends.rows))
    table.add_row("with an event between them", f"{ends.found / max(1, ends.rows):.3f}")
    table.add_row("of the right class", f"{ends.share:.3f}")
    table.add_row("events in all", str(ends.events))
    console.print(table)


@app.command(epilog="Example: communique evaluate positions sentences.tsv --misses 10")
def positions(
    sentences: Annotated[
        Path, typer.Argument(help="TSV: sentence, positions as 'actor kind targets issues' joined by ;")
    ],
    misses: Annotated[int, typer.Option(help="Show this many sentences that are not wholly right.")] = 0,
) -> None:
    """Precision, recall and F1 of position kinds, actors, issues and targets."""
    from rich.console import Console
    from rich.progress import track
    from rich.table import Table

    from communique.coding.evaluate_positions import evaluate_positions, read_sentences
    from communique.running.pipeline import code_document

    console = Console()
    rows = read_sentences(sentences)
    found = evaluate_positions(track(rows, "coding", console=Console(stderr=True), transient=True), code_document)
    table = Table("", "precision", "recall", "F1", "of")
    for name, s in (*found.scores.items(), *((k, s) for k, s in found.kinds.items() if s.found or s.expected)):
        table.add_row(name.replace("_", " "), f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}", str(s.expected))
    console.print(table)
    for sentence, expected, said in found.misses[:misses]:
        console.print(sentence, style="bold")
        console.print(f"  expected {sorted(map(str, expected))}\n  found    {sorted(map(str, said))}", style="dim")


@app.command(epilog="Example: communique evaluate actors cases.tsv --misses 10")
def actors(
    cases: Annotated[Path, typer.Argument(help="TSV: mention, sentence, date, country (alpha-3), sector (PLOVER).")],
    misses: Annotated[int, typer.Option(help="Show this many cases that are not right.")] = 0,
) -> None:
    """Share of mentions with the right country and sector."""
    from rich.console import Console
    from rich.progress import track
    from rich.table import Table

    from communique.actors.evaluate import evaluate, read_cases

    rows = read_cases(cases)
    found = evaluate(track(rows, "resolving", console=Console(stderr=True), transient=True))
    console = Console()
    table = Table("", "right", "of")
    for name, share in (("country", found.country), ("sector", found.sector), ("both", found.both)):
        table.add_row(name, f"{share:.3f}", str(len(rows)))
    console.print(table)
    wrong = [r for r in found.results if not (r.country_right and r.sector_right)]
    for r in wrong[:misses]:
        console.print(f"{r.case.mention}  in: {r.case.sentence}", style="bold", highlight=False)
        wanted, got = (" ".join(filter(None, pair)) or "no actor" for pair in _pairs(r))
        console.print(f"  expected {wanted}, found {got} {r.actor}", style="dim", highlight=False)


@app.command(epilog="Example: communique evaluate duplicates set.jsonl --misses 10")
def duplicates(
    documents: Annotated[Path, typer.Argument(help="JSONL in order of arrival: id, text, family (an id), kind.")],
    misses: Annotated[int, typer.Option(help="Show this many documents judged wrongly.")] = 0,
) -> None:
    """Precision and recall of near copies, and how many of each kind are judged rightly."""
    from tempfile import TemporaryDirectory

    from rich.console import Console
    from rich.table import Table

    from communique.archive.evaluate_duplicates import evaluate_duplicates, read_marked
    from communique.archive.store import open_archive

    marked = read_marked(documents)
    with TemporaryDirectory(prefix="communique-") as folder:
        found = evaluate_duplicates(marked, open_archive(folder))
    console = Console()
    table = Table("", "", "of")
    table.add_row("precision", f"{found.score.precision:.3f}", f"{found.found:,} found")
    table.add_row("recall", f"{found.score.recall:.3f}", f"{found.copies:,} copies")
    for kind, (right, of) in sorted(found.kinds.items()):
        table.add_row(kind, f"{right / of:.3f}", f"{of:,}")
    console.print(table)
    for truth, family in found.wrong[:misses]:
        console.print(f"{truth.document.id}: taken for {family}, belongs to {truth.family}", highlight=False)


def _pairs(r: "Result") -> tuple[tuple[str, str], tuple[str, str]]:
    return (r.case.country, r.case.sector), (r.country, r.sector)
