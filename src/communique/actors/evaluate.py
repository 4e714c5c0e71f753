"""How often the right actor is found: marked mentions, resolved, against the country and sector they should have."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from communique.actors.resolution import Resolution
from communique.actors.resolve import resolve
from communique.attribution import attribute
from communique.errors import InputError
from communique.parsing import parse_document
from communique.records import Document, Span

COLUMNS = ("mention", "sentence", "date", "country", "sector")


@dataclass(frozen=True, slots=True)
class Case:
    """A mention in a sentence (or several) of a document of that date, and who it is.

    country: ISO 3166 alpha-3; sector: PLOVER; both "" where the mention is no actor. line: in the file, from 1.
    """

    mention: str
    sentence: str
    date: str | None
    country: str
    sector: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What was found for a case: id ("" for no actor), country and sector."""

    case: Case
    actor: str
    country: str
    sector: str

    @property
    def country_right(self) -> bool:
        return self.country == self.case.country

    @property
    def sector_right(self) -> bool:
        return self.sector == self.case.sector


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares of cases with the right country, the right sector and both; `results` in the order of the cases."""

    country: float
    sector: float
    both: float
    results: tuple[Result, ...]


def read_cases(path: Path) -> list[Case]:
    """Read a tab-separated file with a header row of mention, sentence, date, country, sector; `#` starts a comment.

    Raises:
        InputError: no such file, a column is missing, or a mention does not stand in its sentence.
    """
    try:
        lines = path.read_text(encoding="utf8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not numbered:
        raise InputError(f"{path}: is empty; expected a header row of {', '.join(COLUMNS)}")
    header = numbered[0][1].split("\t")
    if missing := [c for c in COLUMNS if c not in header]:
        raise InputError(f"{path}:{numbered[0][0]}: column {missing[0]!r} is missing; expected {', '.join(COLUMNS)}")
    cases = []
    for row, (n, _) in zip(
        csv.DictReader((line for _, line in numbered), delimiter="\t", quoting=csv.QUOTE_NONE),
        numbered[1:],
        strict=True,
    ):
        values = {c: (row.get(c) or "").strip() for c in COLUMNS}
        if not values["mention"] or values["mention"] not in values["sentence"]:
            raise InputError(f"{path}:{n}: the mention {values['mention']!r} does not stand in its sentence")
        date = values["date"] or None
        cases.append(Case(values["mention"], values["sentence"], date, values["country"], values["sector"], n))
    return cases


def resolve_sentence(sentence: str, date: str | None) -> Resolution:
    """Resolve a text by itself; attribution is left to the rules, which say who speaks."""
    parse = parse_document(Document(id="case", text=sentence, published=date))
    return resolve(parse, attribute(parse, None))


def evaluate(cases: Iterable[Case], code: Callable[[str, str | None], Resolution] = resolve_sentence) -> Scores:
    """Resolve every case and compare.

    Args:
        code: text and ISO date to Resolution; called once for each text and date.
    """
    done: dict[tuple[str, str | None], Resolution] = {}
    results = []
    for case in cases:
        key = case.sentence, case.date
        if key not in done:
            done[key] = code(*key)
        results.append(_compare(case, done[key]))
    n = max(1, len(results))
    return Scores(
        country=sum(r.country_right for r in results) / n,
        sector=sum(r.sector_right for r in results) / n,
        both=sum(r.country_right and r.sector_right for r in results) / n,
        results=tuple(results),
    )


def _compare(case: Case, resolution: Resolution) -> Result:
    start = _place(case.mention, case.sentence)
    wanted = (start, start + len(case.mention))
    found = [(_alike(wanted, m.spans), m.actor) for m in resolution.mentions]
    best = max(found, default=(0.0, ""))
    if best[0] <= 0:
        return Result(case, "", "", "")
    actor = resolution.actors[best[1]]
    return Result(case, actor.id, actor.country or "", actor.sector or "")


def _place(mention: str, sentence: str) -> int:
    """Where the mention stands as whole words; where it is part of a longer word, its first occurrence."""
    at = sentence.find(mention)
    while at >= 0:
        before, after = sentence[at - 1 : at] if at else "", sentence[at + len(mention) : at + len(mention) + 1]
        if not before.isalnum() and not after.isalnum():
            return at
        at = sentence.find(mention, at + 1)
    return sentence.find(mention)


def _alike(wanted: Span, spans: tuple[Span, ...]) -> float:
    """Shared characters as a part of all: the best of the mention's spans, or all of them together."""

    def share(s: int, e: int, size: int) -> float:
        common = max(0, min(e, wanted[1]) - max(s, wanted[0]))
        return common / (size + wanted[1] - wanted[0] - common)

    single = max(share(s, e, e - s) for s, e in spans)
    size = sum(e - s for s, e in spans)
    common = sum(max(0, min(e, wanted[1]) - max(s, wanted[0])) for s, e in spans)
    return max(single, common / (size + wanted[1] - wanted[0] - common))
