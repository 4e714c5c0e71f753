"""Events, one oddity a sentence: who did what to whom, and whether it happened. Actors are given, so that only the
reading of deeds is tested here."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.actors.resolution import Resolution
from communique.coding.events import code_events
from communique.parsing import parse_document
from communique.records import Actor, Content, Cue, Document, Event, Mention, Source, Statement

STATES = {
    "Norway": "NOR", "Norwegian": "NOR", "Belarus": "BLR", "Poland": "POL", "Polish": "POL", "Kenya": "KEN",
    "Kenyan": "KEN", "Somalia": "SOM", "Canada": "CAN", "Chile": "CHL", "Peru": "PER", "Egypt": "EGY",
    "Greece": "GRC", "Greek": "GRC", "Mali": "MLI", "France": "FRA", "Ghana": "GHA", "Togo": "TGO",
    "Iceland": "ISL", "Laos": "LAO", "Thailand": "THA", "Brazil": "BRA", "Germany": "DEU", "Sudan": "SDN",
    "British": "GBR", "Serbia": "SRB", "Kosovo": "XKX", "Iran": "IRN", "Cuba": "CUB", "Hungary": "HUN",
}  # fmt: skip
PATTERN = re.compile(r"\b(" + "|".join(sorted(STATES, key=len, reverse=True)) + r")\b")


def resolve(text: str, statements: tuple[Statement, ...] = (), kind: str = "state") -> Resolution:
    """Every name of a state is an actor."""
    mentions = tuple(Mention(actor=STATES[m[1]], spans=(m.span(),)) for m in PATTERN.finditer(text))
    actors = {
        m.actor: Actor(id=m.actor, name=m.actor, kind=kind, country=m.actor)  # type: ignore[arg-type]
        for m in mentions
    }
    return Resolution(actors, mentions, statements)


def events(text: str, published: str | None = "2024-05-06") -> list[Event]:
    return code_events(parse_document(Document(id="d", text=text, published=published)), resolve(text))


def brief(text: str) -> set[tuple[str, str, str, str]]:
    return {(e.plover, ",".join(e.sources), ",".join(e.targets), e.modality) for e in events(text)}


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Norway expelled two Kenyan diplomats.", ("SANCTION", "NOR", "KEN", "past")),
        # passive with an agent
        ("Belarus was accused by Poland of hiding migrants.", ("ACCUSE", "POL", "BLR", "past")),
        # the deed as a noun: possessor, adjective, "by"
        ("Peru's rejection of Chile's offer made headlines.", ("REJECT", "PER", "CHL", "past")),
        ("The Greek attack on Egypt shocked markets.", ("ASSAULT", "GRC", "EGY", "past")),
        ("The attack by Ghana on Togo went on for hours.", ("ASSAULT", "GHA", "TGO", "past")),
        # light verbs
        ("Sudan carried out air strikes on camps in Kenya.", ("ASSAULT", "SDN", "KEN", "past")),
        ("Mali paid a visit to Ghana.", ("CONSULT", "MLI", "GHA", "past")),
        # the verb hides behind a relative pronoun
        ("The minister praised Chile, which freed a Kenyan journalist.", ("RETREAT", "CHL", "KEN", "past")),
        # one side only by a conjunct's adjective
        ("Norwegian and Polish troops attacked Mali.", ("ASSAULT", "NOR,POL", "MLI", "past")),
        # reciprocal: both are source and target
        ("Kenya and Somalia signed a trade agreement.", ("SUPPORT", "KEN,SOM", "KEN,SOM", "past")),
        # roles turned round by the verb that governs the noun
        ("Mali faces harsh criticism from France.", ("ACCUSE", "FRA", "MLI", "past")),
        # arrested "in Niger" by those who rule there
        ("A Kenyan reporter was arrested in Belarus.", ("COERCE", "BLR", "KEN", "past")),
        # "its" is the subject's
        ("France completed its withdrawal of troops from Mali.", ("RETREAT", "FRA", "MLI", "past")),
        # promise of a deed, refusal of one, threat of one
        ("Canada agreed to release two Kenyan pilots.", ("AGREE", "CAN", "KEN", "future")),
        ("Egypt refused to meet Greek envoys.", ("REJECT", "EGY", "GRC", "past")),
        ("Thailand threatened to close its border with Laos.", ("THREATEN", "THA", "LAO", "past")),
        ("Iceland vowed to attack Norway.", ("THREATEN", "ISL", "NOR", "future")),
        ("Hungary is ready to mediate between Serbia and Kosovo.", ("AGREE", "HUN", "SRB,XKX", "future")),
        # cooperation to come is AGREE, harm to come is THREATEN, cooperation withheld is REJECT
        ("Ghana will visit Togo on Tuesday.", ("AGREE", "GHA", "TGO", "future")),
        ("Peru will impose sanctions on Chile.", ("THREATEN", "PER", "CHL", "future")),
        ("Canada will not meet Cuba.", ("REJECT", "CAN", "CUB", "past")),
        # not so
        ("Thailand denied attacking Laos.", ("ASSAULT", "THA", "LAO", "denied")),
        ("Thailand did not attack Laos.", ("ASSAULT", "THA", "LAO", "denied")),
        ("Iran may attack Kenya.", ("ASSAULT", "IRN", "KEN", "conditional")),
        ("Iran reportedly attacked Kenya.", ("ASSAULT", "IRN", "KEN", "reported")),
        # standing sanctions are SANCTION, imposing them is COERCE (CAMEO 163 both)
        ("Norwegian sanctions on Belarus have hurt farmers.", ("SANCTION", "NOR", "BLR", "past")),
        ("Norway imposed sanctions on Belarus.", ("COERCE", "NOR", "BLR", "past")),
        # a pronoun that nobody resolved stands for who says it
        ("Ghana said it would free Kenyan sailors.", ("AGREE", "GHA", "KEN", "future")),
    ],
)
def test_who_did_what_to_whom(text: str, event: tuple[str, str, str, str]) -> None:
    assert event in brief(text)


@pytest.mark.parametrize(
    "text",
    [
        "Brazil beat Germany 2-1 in the final of the World Cup with a late goal.",  # sport
        "Poland beat expectations in the poll.",
        "Since the British invasion of Egypt, the canal has made news.",  # background
        "In 1998 Sudan attacked Kenya.",
        "Kenya released a report on Somalia.",  # releases no prisoner
        "Norway and Belarus share a lake.",
        "Farmers attacked wolves.",  # nobody political
    ],
)
def test_what_is_no_new_event(text: str) -> None:
    assert events(text) == []


def test_purpose_is_not_a_second_event() -> None:
    found = events("Norway sent tents to Mali to help Kenya.")
    assert [(e.plover, e.sources) for e in found] == [("AID", ("NOR",))]


def test_own_date_else_publication_day() -> None:
    (dated,) = events("Norway expelled two Kenyan diplomats on Friday.")
    (undated,) = events("Norway expelled two Kenyan diplomats.")
    assert (dated.date, undated.date) == ("2024-05-03", "2024-05-06")
    (nowhere,) = events_without_day("Norway expelled two Kenyan diplomats.")
    assert nowhere.date is None


def events_without_day(text: str) -> list[Event]:
    return events(text, None)


def test_own_place_is_preferred_to_the_dateline() -> None:
    (there,) = events("OSLO, May 6 (Reuters) - Norway met Kenya in Nairobi.")
    assert there.location is not None and (there.location.name, there.location.country) == ("Nairobi", "KEN")
    (here,) = events("OSLO, May 6 (Reuters) - Norway met Kenya.")
    assert here.location is not None and (here.location.name, here.location.country) == ("Oslo", "NOR")


def test_code_mode_context_and_weight() -> None:
    (event,) = events("Canada agreed to release two Kenyan pilots.")
    assert (event.cameo, event.goldstein, event.quad) == ("0353", 7.0, "VERBAL COOPERATION")
    (event,) = events("Ghana paid a visit to Togo.")
    assert (event.mode, event.cameo) == ("visit", "042")
    assert "diplomatic" in event.contexts


def test_mentions_of_one_event_are_one_event_with_all_spans() -> None:
    text = "Norway expelled two Kenyan diplomats. The Norwegian expulsion of Kenyan diplomats angered nobody."
    (event,) = [e for e in events(text) if e.plover == "SANCTION"]
    assert len(event.spans) == 2


def test_two_deeds_of_a_day_stay_two() -> None:
    found = events("Norway urged Kenya to hold elections. Norway urged Kenya to free whales.")
    assert [e.plover for e in found] == ["REQUEST", "REQUEST"]


def said(text: str, content: str, lemma: str = "say") -> list[Event]:
    """Events where Norway is the speaker of `content`."""
    start = text.index(content)
    cue = text.index({"say": "said", "warn": "warned"}[lemma])
    statement = Statement(
        id="s1",
        source=Source(spans=((0, 6),), actor="NOR"),
        cue=Cue(spans=((cue, cue + len("said")),), lemma=lemma),
        content=Content(spans=((start, start + len(content)),)),
        kind="indirect",
    )
    parse = parse_document(Document(id="d", text=text, published="2024-05-06"))
    return code_events(parse, resolve(text, (statement,)))


@pytest.mark.parametrize(
    ("text", "content", "lemma", "event"),
    [
        # what another should do is a request
        ("Norway said Kenya should free the sailors.", "Kenya should free the sailors", "say", ("REQUEST", "KEN")),
        # harm done to one's own is a charge
        ("Norway said Kenya has harmed Norwegian trade.", "Kenya has harmed Norwegian trade", "say", ("ACCUSE", "KEN")),
        # a warning with announced harm is a threat
        (
            "Norway warned that it would expel Kenyan envoys.",
            "it would expel Kenyan envoys",
            "warn",
            ("THREATEN", "KEN"),
        ),
    ],
)
def test_deeds_by_speaking(text: str, content: str, lemma: str, event: tuple[str, str]) -> None:
    found = said(text, content, lemma)
    assert event in {(e.plover, e.targets[0]) for e in found if e.targets}
    assert all(e.sources == ("NOR",) for e in found if e.plover == event[0])


def test_a_warning_without_harm_is_no_threat() -> None:
    found = said("Norway warned that Kenya faces a drought.", "Kenya faces a drought", "warn")
    assert "THREATEN" not in {e.plover for e in found}


def test_we_is_the_speaker() -> None:
    found = said("Norway said we will visit Kenya.", "we will visit Kenya")
    assert ("AGREE", ("NOR",), ("KEN",)) in {(e.plover, e.sources, e.targets) for e in found}


WORDS = st.lists(
    st.sampled_from([*STATES, "attacked", "signed", "the", "deal", "with", "on", "sanctions", "will", "not", "talks",
                     "urged", "to", "visit", "and", ",", ".", "who", "by", "said", "released", "'s"]),
    min_size=1, max_size=25,
).map(" ".join)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(WORDS)
def test_any_words_give_events_with_sound_spans_and_known_actors(text: str) -> None:
    parse = parse_document(Document(id="d", text=text, published="2024-05-06"))
    resolution = resolve(text)
    found = code_events(parse, resolution)
    assert found == code_events(parse, resolution)
    assert len({e.id for e in found}) == len(found)
    for event in found:
        assert all(0 <= start < end <= len(text) for start, end in event.spans)
        assert set(event.sources) | set(event.targets) <= set(resolution.actors)
        assert event.sources or event.targets


@pytest.mark.parametrize(
    "text", ["Officials of Norway who declined to be named stood there.", "Norway asked not to be quoted."]
)
def test_terms_with_the_reporter_are_no_event(text: str) -> None:
    assert not events(text)
