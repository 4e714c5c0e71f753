"""A record as CoNLL-U: its tokens and sentences, with statements, events and actors in the MISC column.

After the format's page at universaldependencies.org. Part-of-speech tags are universal; the relations are those of
spaCy's English models (ClearNLP's labels), not Universal Dependencies' own.

MISC has, beside SpaceAfter=No: Statement, a list of part:id with B- at the beginning of a span and I-
inside (B-content:s12…), Event and Position likewise, Actor with the id of the actor that the token belongs to.
Characters that the format needs for itself are written as %7C, %3D, %3B and %25.
"""

from bisect import bisect_right

from communique.parsing.parse import Parse
from communique.records import Record, Spans


def conllu(record: Record, parse: Parse) -> str:
    """The document in CoNLL-U.

    Args:
        record: what was coded.
        parse: the parse of the same document (`communique.parsing.parse_document(record.document)`).
    """
    tags = _Tags(parse)
    for s in record.statements:
        for part, spans in (("source", s.source.spans), ("cue", s.cue.spans), ("content", s.content.spans)):
            tags.mark("Statement", f"{part}:{s.id}", spans)
    for e in record.events:
        tags.mark("Event", f"{e.plover}:{e.id}", e.spans)
    for p in record.positions:
        tags.mark("Position", f"{p.kind}:{p.id}", p.spans)
    for m in record.mentions:
        tags.mark("Actor", m.actor, m.spans)
    text = record.document.text
    lines = [f"# newdoc id = {_plain(record.document.id)}"]
    paragraphs = [start for start, _ in parse.paragraphs]
    last = -1
    for number, (first, end) in enumerate(parse.sentences, 1):
        start, stop = parse.sentence_span(number - 1)
        paragraph = bisect_right(paragraphs, start) - 1
        if paragraph != last:
            lines.append("# newpar")
            last = paragraph
        kept = [i for i in range(first, end) if parse.tokens[i].text.strip()]
        if not kept:
            continue
        place = {i: n for n, i in enumerate(kept, 1)}
        lines += [
            f"# sent_id = {_plain(record.document.id)}-{number}",
            f"# text = {_plain(text[start:stop])}",
            f"# char_span = {start}:{stop}",
        ]
        root = next((i for i in kept if parse.tokens[i].head == i or parse.tokens[i].head not in place), kept[0])
        for i in kept:
            token = parse.tokens[i]
            head = 0 if i == root else place.get(token.head, place[root])
            if head == place[i]:  # a second root hangs on the first: CoNLL-U has one a sentence
                head = place[root]
            misc = tags.of(i)
            following = parse.tokens[i + 1].start if i + 1 < end else None
            if following == token.end:
                misc.append("SpaceAfter=No")
            lines.append(
                "\t".join(
                    [
                        str(place[i]),
                        _plain(token.text),
                        _plain(token.lemma) or "_",
                        token.pos or "_",
                        token.tag or "_",
                        "_",
                        str(head),
                        "root" if head == 0 else "dep" if token.dep in ("", "ROOT") else token.dep,
                        "_",
                        "|".join(misc) or "_",
                    ]
                )
            )
        lines.append("")
    return "\n".join(lines) + "\n"


class _Tags:
    """What each token belongs to, by name of the annotation."""

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self.held: dict[int, dict[str, list[str]]] = {}

    def mark(self, name: str, value: str, spans: Spans) -> None:
        for start, end in spans:
            for n, i in enumerate(self.parse.tokens_in(start, end)):
                tag = _escaped(value) if name == "Actor" else f"{'I' if n else 'B'}-{_escaped(value)}"
                self.held.setdefault(i, {}).setdefault(name, []).append(tag)

    def of(self, i: int) -> list[str]:
        return [f"{name}={';'.join(dict.fromkeys(tags))}" for name, tags in sorted(self.held.get(i, {}).items())]


def _escaped(value: str) -> str:
    for char in "%|=;":
        value = value.replace(char, f"%{ord(char):02X}")
    return _plain(value).replace(" ", "_")


def _plain(value: str) -> str:
    return " ".join(value.split())
