"""`python -m benchmarks.copies tuning|held-out > set.jsonl`: a set for `communique evaluate duplicates`.

Made of texts of our own: the stories of `data/stories.yaml` (every other one for tuning, the rest held out), the
samples, and generated reports. Each is followed by copies and by texts that only look like copies. The same half is the
same on every machine. Which kinds there are, and which of them are copies: `KINDS`.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Literal

import yaml

from benchmarks import generated
from communique.data import data_path

Half = Literal["tuning", "held-out"]
HALVES: tuple[Half, ...] = ("tuning", "held-out")
KINDS = {
    "byline": "another agency line, byline and closing line",
    "headline": "another headline, of a story in another language",
    "edited": "one word in thirty another, as an editor does it",
    "cut": "the last part left out, 60 to 85 % kept",
    "brief": "the first paragraphs only, about a third",
    "added": "a paragraph of the paper's own, up to a quarter of the whole",
    "paraphrased": "a third of the sentences in other words, another headline",
    "rewritten": "half of the sentences in other words, another headline and byline",
    "other": "NOT a copy: the same story by another writer, with the same quotations",
    "later": "NOT a copy: a follow-up that repeats about half of the earlier report below its own news",
    "longer": "NOT a copy: the whole report after its brief",
    "template": "NOT a copy: the same form with other figures and names",
    "original": "NOT a copy: the first of its family",
}
_DATA = Path(__file__).parent / "data"
_GENERATED, _FORMS, _VARIANTS = 30, 12, 2
_PAPERS = ["Gazette", "Herald", "Daily Post", "Morning News", "Observer", "Courier", "Evening Standard"]
_OTHER_WORDS = {
    "said": "stated", "told": "informed", "about": "around", "after": "following", "will": "would", "also": "too",
    "talks": "discussions", "country": "nation", "countries": "nations", "government": "cabinet", "called": "termed",
    "minister": "secretary", "first": "initial", "year": "twelvemonth", "people": "persons", "more": "further",
}  # fmt: skip


@dataclass(frozen=True)
class Story:
    """Paragraphs of sentences, each in two wordings where there are two."""

    paragraphs: list[list[tuple[str, str]]]
    headline: str
    titles: list[str]
    other: str | None = None
    later: str | None = None

    def text(self, random: Random | None = None, share: float = 0.0, headline: str | None = None) -> str:
        """The report, a share of its sentences in the other wording."""
        every = [(p, s) for p, sentences in enumerate(self.paragraphs) for s in range(len(sentences))]
        other = set(random.sample(every, round(share * len(every)))) if random else set()
        told = [
            " ".join(pair[(p, s) in other] for s, pair in enumerate(sentences))
            for p, sentences in enumerate(self.paragraphs)
        ]
        return "\n\n".join([headline or self.headline, *told])


def made(half: Half) -> Iterator[dict[str, Any]]:
    """Documents of one half in the order in which they come: id, text, family, kind."""
    random = Random(f"copies {half}")
    first: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    for name, story in stories(half):
        first.append(_row(name, name, "original", story.text()))
        for kind, text in _copies(story, random):
            rest.append(_row(f"{name}-{kind}-{len(rest)}", name, kind, text))
        for kind, text in _others(story, random):
            rest.append(_row(f"{name}-{kind}-{len(rest)}", f"{name}-{kind}-{len(rest)}", kind, text))
        if story.other is None and name.startswith("generated"):
            # Reports of their own, whose brief came first.
            whole = _generated(random.randrange(10**6), 1)[0]
            first.append(_row(f"{name}-short", f"{name}-short", "original", "\n\n".join(_paragraphs(whole)[:3])))
            rest.append(_row(f"{name}-longer", f"{name}-longer", "longer", whole.text()))
    rest += [_row(f"{name}-{n}", f"{name}-{n}", "template", text) for name, n, text in _filled_forms(half, random)]
    random.shuffle(first)
    random.shuffle(rest)
    yield from first
    yield from rest


def stories(half: Half) -> Iterator[tuple[str, Story]]:
    """The originals of one half."""
    written = yaml.safe_load((_DATA / "stories.yaml").read_text("utf8"))
    for n, (name, s) in enumerate(written.items()):
        if n % 2 == HALVES.index(half):
            paragraphs = [[(a, b) for a, b in p] for p in s["paragraphs"]]
            yield name, Story(paragraphs, s["headline"], s["titles"], s["other"], s["later"])
    for n, path in enumerate(sorted(data_path("samples").glob("*.txt"))):
        if n % 2 == HALVES.index(half):
            yield path.stem, _plain(path.read_text("utf8"))
    for n, story in enumerate(_generated(100 + HALVES.index(half), _GENERATED)):
        yield f"generated-{n}", story


def _generated(seed: int, count: int) -> list[Story]:
    return [_plain(d.text) for d in generated.documents(count, seed=seed, words=300)]


def _plain(text: str) -> Story:
    headline, *paragraphs = text.split("\n\n")
    return Story([[(p, p)] for p in paragraphs], headline, ["Streit ohne Ende", "Une querelle sans fin"])


def _row(id: str, family: str, kind: str, text: str) -> dict[str, Any]:
    return {"id": id, "family": family, "kind": kind, "text": text}


def _paragraphs(story: Story) -> list[str]:
    return story.text().split("\n\n")


def _copies(story: Story, random: Random) -> Iterator[tuple[str, str]]:
    for _ in range(_VARIANTS):
        head, *body = _paragraphs(story)
        title, paper = random.choice(story.titles), random.choice(_PAPERS)
        yield "byline", "\n\n".join([head, f"By our correspondent. {body[0]}", *body[1:], f"Copyright {paper}."])
        yield "headline", "\n\n".join([title, *body])
        yield "edited", _edited("\n\n".join([head, *body]), random)
        yield "cut", "\n\n".join([title, *_part(body, random.uniform(0.6, 0.85))])
        yield "brief", "\n\n".join([head, *_part(body, random.uniform(0.3, 0.4))])
        yield "added", "\n\n".join([head, *_with_own(body, paper, random)])
        if story.other is not None:
            yield "paraphrased", story.text(random, 1 / 3, headline=title)
            yield "rewritten", f"{story.text(random, 1 / 2, headline=title)}\n\n{paper} staff and agencies"


def _others(story: Story, random: Random) -> Iterator[tuple[str, str]]:
    if story.other is None or story.later is None:
        return
    yield "other", story.other
    _, *body = _paragraphs(story)
    for kept in (body[: len(body) // 2], body[len(body) // 2 :]):
        yield "later", "\n\n".join([story.later, *kept])


def _edited(text: str, random: Random) -> str:
    words = text.split(" ")
    for n, word in enumerate(words):
        if random.random() < 1 / 10 and word in _OTHER_WORDS:
            words[n] = _OTHER_WORDS[word]
        elif random.random() < 1 / 35:
            words[n] = random.choice([f"{word} reportedly", "", word])
    return " ".join(words)


def _part(paragraphs: list[str], share: float) -> list[str]:
    """The first paragraphs, with about a share of the words, cut inside a paragraph where it must be."""
    left = round(share * sum(len(p.split()) for p in paragraphs))
    kept: list[str] = []
    for paragraph in paragraphs:
        words = paragraph.split()
        if left > 0:
            kept.append(" ".join(words[:left]))
        left -= len(words)
    return kept


def _with_own(body: list[str], paper: str, random: Random) -> list[str]:
    (own,) = _generated(random.randrange(10**6), 1)
    most = sum(len(p.split()) for p in body) // 4
    added = " ".join(f"The {paper} adds: {' '.join(_paragraphs(own)[1:])}".split()[:most])
    place = random.randrange(1, len(body) + 1)
    return [*body[:place], added, *body[place:]]


def _filled_forms(half: Half, random: Random) -> Iterator[tuple[str, int, str]]:
    forms = yaml.safe_load((_DATA / "templates.yaml").read_text("utf8"))
    for name, form in forms[half.replace("-", " ")].items():
        for n in range(_FORMS):
            parts = form.split("{")
            text = parts[0]
            for part in parts[1:]:
                slot, _, tail = part.partition("}")
                text += random.choice(forms["fill"][slot]) + tail
            yield name, n, text


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in HALVES:
        raise SystemExit(f"python -m benchmarks.copies {'|'.join(HALVES)}")
    for row in made("tuning" if sys.argv[1] == "tuning" else "held-out"):
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
