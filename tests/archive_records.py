"""A small archive of invented reports for the tests of archive, analysis and exports: three states and a ministry."""

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

CODER = Coder(version="1", codebook="a", registry="b")
ACTORS = {
    "NOR": Actor(id="NOR", name="Norway", kind="state", country="NOR", sector="GOV", cameo="NOR"),
    "PER": Actor(id="PER", name="Peru", kind="state", country="PER", sector="GOV", cameo="PER"),
    "FJI": Actor(id="FJI", name="Fiji", kind="state", country="FJI", sector="GOV", cameo="FJI"),
    "NOR/mfa": Actor(
        id="NOR/mfa", name="Foreign Ministry", kind="organisation", country="NOR", sector="GOV", cameo="NORGOV"
    ),
    "person/ida-moe": Actor(
        id="person/ida-moe", name="Ida Moe", kind="person", country="NOR", sector="GOV", office="spokesperson"
    ),
}


def report(
    id: str,
    day: str,
    speaker: str = "NOR",
    addressee: str = "PER",
    issue: str = "whaling",
    stance: str = "opposition",
    event: str | None = "ACCUSE",
    text: str = "{name} said the ban on whaling must hold. Talks went on in Lima – as ever.",
    url: str | None = None,
    publisher: str | None = "Gazette",
    duplicate_of: str | None = None,
    coder: Coder = CODER,
) -> Record:
    """One report: somebody says something of somebody, with a position, a formula and perhaps an event."""
    name = ACTORS[speaker].name
    text = text.format(name=name)
    said, end = text.index("said"), text.index(".")
    document = Document(
        id=id, text=text, title="Whaling", url=url, publisher=publisher, published=day, language="en",
        duplicate_of=duplicate_of,
    )  # fmt: skip
    statement = derived_id(id, "s", said)
    content = ((said + 5, end),)
    return Record(
        document=document,
        actors=tuple(ACTORS[a] for a in dict.fromkeys((speaker, addressee))),
        mentions=(Mention(actor=speaker, spans=((0, len(name)),)),),
        statements=(
            Statement(
                id=statement,
                source=Source(spans=((0, len(name)),), actor=speaker),
                cue=Cue(spans=((said, said + 4),), lemma="say"),
                content=Content(spans=content),
                kind="indirect",
                addressees=(addressee,),
                confidence=0.75,
            ),
        ),
        events=(
            Event(
                id=derived_id(id, "e", event),
                statement=statement,
                plover=event,
                mode="disapprove",
                contexts=("environment",),
                cameo="111",
                goldstein=-2.0,
                quad="VERBAL CONFLICT",
                sources=(speaker,),
                targets=(addressee,),
                modality="past",
                date=day,
                location=Location(name="Lima", country="PER", latitude=-12.05, longitude=-77.04),
                spans=content,
                confidence=0.6,
            ),
        )
        if event
        else (),
        positions=(
            Position(
                id=derived_id(id, "p", stance),
                statement=statement,
                actor=speaker,
                targets=(addressee,),
                issues=(issue,),
                kind=stance,
                spans=content,
                confidence=0.5,
            ),
        ),
        phrases=(Phrase(phrase="must hold", statement=statement, spans=content),),
        coder=coder,
    )
