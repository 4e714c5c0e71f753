"""What somebody said, as the analyses of wording take it: plain rows, from an archive, records or a table."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from communique.archive.store import Archive
from communique.attribution.lexicon import load_lexicon
from communique.coding.issues import read_issues
from communique.coding.sides import side_of
from communique.coding.stance_lexicon import load_stances
from communique.errors import InputError
from communique.parsing.parse import Parse, Token
from communique.records import Document, Record, covered

_WORD = re.compile(r"(?:[A-Z]\.){2,}|\w+(?:['’.-]\w+)*")
_TOKEN = re.compile(r"(?:[A-Z]\.){2,}|\w+(?=n['’]t\b)|n['’]t\b|['’]s\b|\w+|[,;:]")
_SENTENCE = re.compile(r"(?<=[.!?;:])(?<![A-Z]\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bDr\.)[\"'”’)]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class Said:
    """One statement. actor: the side that says it (a state, else an actor's id); publisher and kind: the document's."""

    id: str
    document: str
    day: date
    actor: str
    text: str
    issues: tuple[str, ...] = ()
    publisher: str | None = None
    kind: str = "report"


def said_rows(rows: Iterable[Mapping[str, Any]]) -> list[Said]:
    """Statements from a table's rows, in order of time: keys id, document, day, actor, text, and, where known, issues,
    publisher and kind.

    Raises:
        InputError: a row lacks a key or its day is no date.
    """
    found: list[Said] = []
    for number, row in enumerate(rows, 1):
        try:
            day = row["day"] if isinstance(row["day"], date) else date.fromisoformat(str(row["day"])[:10])
            found.append(
                Said(
                    str(row["id"]),
                    str(row["document"]),
                    day,
                    str(row["actor"]),
                    str(row["text"]),
                    _issues(str(row["text"]), row.get("issues") or ()),
                    row.get("publisher"),
                    row.get("kind") or "report",
                )
            )
        except KeyError as error:
            raise InputError(
                f"statement {number}: has no {error}; it needs id, document, day, actor and text"
            ) from error
        except ValueError as error:
            raise InputError(f"statement {number}: {row['day']!r} is no date; write it YYYY-MM-DD") from error
    return sorted(found, key=lambda s: (s.day, s.document, s.id))


def said_in(archive: Archive, actor: str | None = None, issue: str | None = None) -> list[Said]:
    """Statements of an archive whose day and speaker are known, duplicates of documents left out.

    Args:
        archive: the archive.
        actor: only those of this state, or of this actor where the id has a slash.
        issue: only those that touch this issue.
    """
    where = ["s.source is not null", "not s.duplicate", "coalesce(s.date, s.day) is not null"]
    # what somebody says inside his own statement is in that one already
    where.append("coalesce(p.source_country, p.source, '') != coalesce(s.source_country, s.source)")
    parameters: list[Any] = []
    if actor is not None:
        where.append("(s.source_country = ? or s.source = ?)")
        parameters += [actor, actor]
    table = archive.ask(
        f"""
        select s.id, s.document, coalesce(s.date, s.day) as day, coalesce(s.source_country, s.source) as actor,
               s.content as text, s.cue, s.cue_lemma, i.issues, s.publisher, d.kind
        from statements s
        join documents d on d.record = s.record
        left join statements p on p.record = s.record and p.id = s.parent
        left join (
            select record, statement, list_sort(list_distinct(flatten(list(issues)))) as issues
            from positions where statement is not null group by record, statement
        ) i on i.record = s.record and i.statement = s.id
        where {" and ".join(where)}
        order by day, s.document, s.n
        """,
        parameters,
    )
    rows = table.to_pylist()
    for row in rows:
        row["text"] = _wording(row["cue"] or "", row["cue_lemma"], row["text"])
    return [s for s in said_rows(rows) if issue is None or issue in s.issues]


def issues_named(text: str) -> set[str]:
    """Issues that the words of a plain text name; found without a parser."""
    return set(read_issues(bare_parse(text)).named(0, len(text)))


def _issues(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Issues of a statement: those of its positions, inherited ones included, and those that its words name."""
    return tuple(sorted({*known, *issues_named(text)}))


def _wording(cue: str, lemma: str | None, content: str) -> str:
    """The words to compare: the content, behind its cue where that is part of what is said ("condemns the attack")."""
    reports = "clause" in load_lexicon().frames.get(lemma or "", ()) and lemma not in load_stances().verbs
    return content if reports or not any(c.isalpha() for c in cue) else f"{cue} {content}"


def words_of(text: str) -> list[str]:
    """Words of a text as they stand, punctuation left out."""
    return _WORD.findall(text)


def sentences_of(text: str) -> list[str]:
    """Sentences of a text, cut at its final marks."""
    return [s.strip() for s in _SENTENCE.split(text) if s.strip()]


def said_from(records: Iterable[Record]) -> list[Said]:
    """Statements of coded records, as `said_in` gives them of an archive."""
    found: list[Said] = []
    for record in records:
        document = record.document
        if document.duplicate_of is not None:
            continue
        actors = {a.id: a for a in record.actors}
        issues: dict[str, set[str]] = {}
        for position in record.positions:
            if position.statement is not None:
                issues.setdefault(position.statement, set()).update(position.issues)
        speakers = {s.id: s.source.actor for s in record.statements}
        sides = {a: side_of(actors[a]) if a in actors else a for a in speakers.values() if a is not None}
        for statement in record.statements:
            day, actor = statement.date or document.published, statement.source.actor
            above = speakers.get(statement.parent or "")
            if day is None or actor is None or (above is not None and sides[above] == sides[actor]):
                continue
            found.append(
                Said(
                    statement.id,
                    document.id,
                    date.fromisoformat(day[:10]),
                    sides[actor],
                    _wording(
                        covered(document.text, statement.cue.spans),
                        statement.cue.lemma,
                        covered(document.text, statement.content.spans),
                    ),
                    _issues(covered(document.text, statement.content.spans), issues.get(statement.id, ())),
                    document.publisher,
                    document.kind,
                )
            )
    return sorted(found, key=lambda s: (s.day, s.document, s.id))


def bare_parse(text: str) -> Parse:
    """A parse with nothing but words, each its own lemma: enough to look for formulas in text that is not parsed."""
    tokens: list[Token] = []
    at = 0
    for number, sentence in enumerate(sentences_of(text)):
        for word in _TOKEN.findall(sentence):
            at = text.find(word, at)
            tokens.append(
                Token(
                    len(tokens),
                    word,
                    word.lower(),
                    word.lower(),
                    "X",
                    "XX",
                    "dep",
                    len(tokens),
                    at,
                    at + len(word),
                    number,
                    "",
                    False,
                )
            )
            at += len(word)
    return Parse(Document(id="words", text=text), tuple(tokens), (), (), ())
