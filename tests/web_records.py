"""Invented records for the tests of the page: small, with nesting, hostile text and several sides."""

from communique.records import (
    Actor,
    Coder,
    Content,
    Cue,
    Document,
    Event,
    Location,
    Mention,
    Phrase,
    Position,
    Record,
    Source,
    Statement,
    derived_id,
)

CODER = Coder(version="0.1.0", codebook="plover 1", registry="test")
ACTORS = {
    "NOR": Actor(id="NOR", name="Norway", kind="state", country="NOR", cameo="NOR"),
    "NOR/mfa": Actor(id="NOR/mfa", name="Norwegian foreign ministry", kind="organisation", country="NOR", sector="GOV"),
    "person/ada-vik": Actor(
        id="person/ada-vik",
        name="Ada Vik",
        kind="person",
        country="NOR",
        sector="GOV",
        office="Foreign Minister of Norway",
    ),
    "PER": Actor(id="PER", name="Peru", kind="state", country="PER", cameo="PER"),
    "person/luis-rojas": Actor(
        id="person/luis-rojas",
        name="Luis Rojas",
        kind="person",
        country="PER",
        sector="GOV",
        office="President of Peru",
    ),
    "IGO/un": Actor(id="IGO/un", name="United Nations", kind="organisation", sector="IGO"),
}


def at(text: str, words: str, nth: int = 0) -> tuple[int, int]:
    """The span of the nth occurrence of words."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return start, start + len(words)


def story(n: int = 0, date: str = "2024-03-05", stance: str = "demand", publisher: str = "The Fjord Post") -> Record:
    """A report with two sides, a statement inside a statement, an event, a position and a formula."""
    text = (
        f"Norway and Peru at odds over whaling, part {n}\n\n"
        "Foreign Minister Ada Vik said on Tuesday that Peru must respect the ban on whaling, adding that mutual "
        "respect "
        "was the basis of trade.\n\n"
        "“We reject these accusations,” President Luis Rojas said in Lima. He said Vik had claimed that "
        "“Peru hunts 40 whales & a <b>calf</b>”.\n\n"
        "Peru expelled a Norwegian diplomat on Monday."
    )
    id = f"story-{n}"

    def sid(*spans: tuple[int, int]) -> str:
        return derived_id(id, "s", spans)

    first = at(text, "that Peru must respect the ban on whaling")
    second = at(text, "We reject these accusations")
    third = (text.index("Vik had claimed"), text.index("\n\nPeru expelled") - 1)
    inner = (text.index("that “Peru hunts"), text.index("\n\nPeru expelled") - 1)
    statements = (
        Statement(
            id=sid(first),
            source=Source(spans=(at(text, "Foreign Minister Ada Vik"),), actor="person/ada-vik"),
            cue=Cue(spans=(at(text, "said"),), lemma="say"),
            content=Content(spans=(first,)),
            kind="indirect",
            addressees=("PER",),
            date=date,
            confidence=0.91,
        ),
        Statement(
            id=sid(second),
            responds_to=sid(first),
            source=Source(spans=(at(text, "President Luis Rojas"),), actor="person/luis-rojas"),
            cue=Cue(spans=(at(text, "said", 1),), lemma="say"),
            content=Content(spans=(second,)),
            kind="direct",
            addressees=("NOR",),
            date=date,
            occasion="in Lima",
            confidence=0.88,
        ),
        Statement(
            id=sid(third),
            source=Source(spans=(at(text, "He"),), actor="person/luis-rojas"),
            cue=Cue(spans=(at(text, "said", 2),), lemma="say"),
            content=Content(spans=(third,)),
            kind="indirect",
            date=date,
            confidence=0.7,
        ),
        Statement(
            id=sid(inner),
            parent=sid(third),
            source=Source(spans=(at(text, "Vik", 1),), actor="person/ada-vik"),
            cue=Cue(spans=(at(text, "claimed"),), lemma="claim"),
            content=Content(spans=(inner,)),
            kind="mixed",
            addressees=("PER",),
            date=date,
            confidence=0.62,
        ),
    )
    expelled = at(text, "Peru expelled a Norwegian diplomat on Monday")
    events = (
        Event(
            id=derived_id(id, "e", first, "REQUEST"),
            statement=sid(first),
            plover="REQUEST",
            contexts=("environment",),
            cameo="102",
            goldstein=-0.4,
            quad="VERBAL COOPERATION",
            sources=("NOR",),
            targets=("PER",),
            modality="demanded",
            date=date,
            spans=(first,),
            confidence=0.8,
        ),
        Event(
            id=derived_id(id, "e", second, "REJECT"),
            statement=sid(second),
            plover="REJECT",
            cameo="120",
            goldstein=-4.0,
            quad="VERBAL CONFLICT",
            sources=("PER",),
            targets=("NOR",),
            modality="past",
            date=date,
            spans=(second,),
            confidence=0.75,
        ),
        Event(
            id=derived_id(id, "e", expelled, "SANCTION"),
            plover="SANCTION",
            mode="expel",
            contexts=("diplomatic",),
            cameo="161",
            goldstein=-7.0,
            quad="MATERIAL CONFLICT",
            sources=("PER",),
            targets=("NOR",),
            date=date,
            location=Location(name="Lima", country="PER", latitude=-12.05, longitude=-77.04),
            spans=(expelled,),
            confidence=0.9,
        ),
    )
    positions = (
        Position(
            id=derived_id(id, "p", first),
            statement=sid(first),
            actor="NOR",
            targets=("PER",),
            issues=("environment",),
            kind=stance,  # type: ignore[arg-type]
            spans=(first,),
            confidence=0.8,
        ),
        Position(
            id=derived_id(id, "p", second),
            statement=sid(second),
            actor="PER",
            targets=("NOR",),
            issues=("environment",),
            kind="denial",
            spans=(second,),
            confidence=0.7,
        ),
    )
    document = Document(
        id=id,
        text=text,
        title=f"Norway and Peru at odds <script>alert({n})</script>",
        url=f"https://example.org/{n}",
        publisher=publisher,
        published=date,
        language="en",
    )
    return Record(
        document=document,
        actors=tuple(ACTORS.values()),
        mentions=(
            Mention(actor="PER", spans=(at(text, "Peru"), at(text, "Peru", 1))),
            Mention(actor="NOR", spans=(at(text, "Norway"),)),
            Mention(actor="person/luis-rojas", spans=(at(text, "President Luis Rojas"), at(text, "He"))),
        ),
        statements=statements,
        events=events,
        positions=positions,
        phrases=(Phrase(phrase="mutual respect", statement=sid(first), spans=(at(text, "mutual respect"),)),),
        coder=CODER,
    )


def stories() -> list[Record]:
    """Twelve of them over a year, with two publishers and changing stances."""
    stances = ("demand", "support", "accusation", "concern")
    return [
        story(n, f"2024-{n + 1:02d}-05", stances[n % 4], ("The Fjord Post", "Diario del Puerto")[n % 2])
        for n in range(12)
    ]
