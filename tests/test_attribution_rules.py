"""How people are quoted: one oddity a case, read by the rules on the grammar alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.attribution import Attribution, attribute
from communique.parsing import Parse, parse_document
from communique.records import Document, DocumentKind, Span


def read(text: str, kind: DocumentKind = "report") -> tuple[Parse, list[Attribution]]:
    parse = parse_document(Document(id="t", text=text, kind=kind))
    return parse, attribute(parse, model=None)


def words(text: str, spans: tuple[Span, ...]) -> str:
    return " … ".join(text[s:e] for s, e in spans)


# text -> source, cue, content (parts joined by " … "), kind of the statement looked for
CASES = [
    ("The minister said the talks had failed.", "The minister", "said", "the talks had failed", "indirect"),
    ("The minister said that the talks had failed.", "The minister", "said", "that the talks had failed", "indirect"),
    # A quotation before its cue, and the subject behind the verb.
    ('"The talks have failed," said the minister.', "the minister", "said", '"The talks have failed,"', "direct"),
    # Split around the cue: one statement.
    ('"We tried," she said, "but they left."', "she", "said", '"We tried," … "but they left."', "direct"),
    # Goes on in the next sentence without a cue of its own.
    ('"We tried," he said. "They left early."', "he", "said", '"We tried," … "They left early."', "direct"),
    # Only a part is quoted.
    (
        'Paris said the move was "a grave mistake" by its rival.',
        "Paris",
        "said",
        'the move was "a grave mistake" by its rival',
        "mixed",
    ),
    # A demand: who is asked belongs to the content and is the addressee.
    ("China urged Japan to withdraw its ships.", "China", "urged", "Japan to withdraw its ships", "indirect"),
    ("Moscow called on Kyiv to accept the plan.", "Moscow", "called on", "Kyiv to accept the plan", "indirect"),
    # A charge.
    ("Tehran accused Israel of planning the attack.", "Tehran", "accused", "Israel of planning the attack", "indirect"),
    # A noun phrase is what is said.
    ("Germany welcomed the decision of the court.", "Germany", "welcomed", "the decision of the court", "indirect"),
    ("The ministry denied the report.", "The ministry", "denied", "the report", "indirect"),
    # One's own act.
    ("Egypt agreed to host the summit.", "Egypt", "agreed", "to host the summit", "indirect"),
    # The source behind "according to", before and after its clause.
    (
        "According to the UN, aid has reached the town.",
        "the UN",
        "According to",
        "aid has reached the town",
        "indirect",
    ),
    (
        "Aid has reached the town, according to the UN.",
        "the UN",
        "according to",
        "Aid has reached the town",
        "indirect",
    ),
    # A participle takes the sentence's subject.
    (
        "The envoy left early, saying that talks were useless.",
        "The envoy",
        "saying",
        "that talks were useless",
        "indirect",
    ),
    (
        "The ministry protested, adding that it would reply.",
        "The ministry",
        "adding",
        "that it would reply",
        "indirect",
    ),
    # A cue that is negated.
    (
        "The spokesman did not say when talks would begin.",
        "The spokesman",
        "did not say",
        "when talks would begin",
        "indirect",
    ),
    # A noun carries the clause.
    ("His claim that the army had fled was false.", "His", "claim", "that the army had fled", "indirect"),
    # A relative clause: its noun is the source.
    ("The general, who said the town had fallen, was wrong.", "The general", "said", "the town had fallen", "indirect"),
    # A passive with its agent.
    (
        "The plan was rejected by Serbia, which warned that it would respond.",
        "Serbia",
        "warned",
        "that it would respond",
        "indirect",
    ),
    # Two verbs, one subject.
    ("Ankara rejected the offer and said it wanted guarantees.", "Ankara", "said", "it wanted guarantees", "indirect"),
    # A comment on a topic.
    ("The king spoke of a new era.", "The king", "spoke of", "a new era", "indirect"),
    # The hearer of "told" is no content.
    ("Rubio told reporters that the deal was close.", "Rubio", "told", "that the deal was close", "indirect"),
    # A colon introduces the quotation.
    (
        'The minister continued: "We shall stay as long as needed."',
        "The minister",
        "continued",
        '"We shall stay as long as needed."',
        "direct",
    ),
]


@pytest.mark.parametrize(("text", "source", "cue", "content", "kind"), CASES, ids=[c[0][:45] for c in CASES])
def test_statement(text: str, source: str, cue: str, content: str, kind: str) -> None:
    _, found = read(text)
    rows = [(words(text, a.source), words(text, a.cue), words(text, a.content), a.kind) for a in found]
    assert (source, cue, content, kind) in rows


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("China urged Japan to withdraw its ships.", "Japan"),
        ("Moscow called on the Ukrainian side to accept the plan.", "the Ukrainian side"),
        ("Rubio told reporters that the deal was close.", "reporters"),
    ],
)
def test_addressee(text: str, addressee: str) -> None:
    _, found = read(text)
    assert addressee in [words(text, a.addressees) for a in found]


@pytest.mark.parametrize(
    ("text", "occasion"),
    [
        ("The minister said at a regular press briefing that talks had failed.", "at a regular press briefing"),
        ("The ministry said in a statement that talks had failed.", "in a statement"),
        ("The minister said on Twitter that talks had failed.", "on Twitter"),
        ("The minister said in Vienna that talks had failed.", None),  # a place is no occasion
    ],
)
def test_occasion(text: str, occasion: str | None) -> None:
    _, found = read(text)
    assert occasion in [text[slice(*a.occasion)] if a.occasion else None for a in found if a.lemma == "say"]


def test_negation_is_of_the_cue_not_of_what_is_said() -> None:
    _, found = read("The minister did not say that they had left. The envoy said that they had not left.")
    assert [(a.lemma, a.negated) for a in found if a.lemma == "say"] == [("say", True), ("say", False)]


def test_a_statement_inside_a_statement_has_its_parent() -> None:
    text = "The paper reported that the president had told Oman that Iran would never yield."
    _, found = read(text)
    outer = next(n for n, a in enumerate(found) if a.lemma == "report")
    inner = next(a for a in found if a.lemma == "tell")
    assert inner.parent == outer
    assert found[outer].parent is None


def test_no_statement() -> None:
    assert read("Russia sent a group of observers to the area on Monday.")[1] == []


def test_a_quotation_over_paragraphs_is_one_statement() -> None:
    text = "“We tried everything,” the envoy said.\n“They left early.\n“And we stayed.”"
    _, found = read(text)
    assert words(text, found[0].content).startswith("“We tried everything,”")


def test_remarks_are_answered() -> None:
    text = (
        "The French minister said the plan was dead.\n"
        "Commenting on the minister's remarks, the Polish envoy said the plan was alive."
    )
    _, found = read(text)
    answer = next(a for a in found if "the plan was alive" in words(text, a.content))
    assert answer.responds_to is not None
    assert "the plan was dead" in words(text, found[answer.responds_to].content)


def test_a_transcript_gives_speakers_and_answers() -> None:
    text = (
        "QUESTION: Will you send a delegation?\n"
        "Jane Roe: We will. Details follow.\n"
        "They are being worked out.\n"
        "QUESTION: When?\n"
        "Jane Roe: Soon."
    )
    _, found = read(text, "transcript")
    turns = [a for a in found if words(text, a.source) in {"QUESTION", "Jane Roe"}]
    assert [words(text, a.source) for a in turns] == ["QUESTION", "Jane Roe", "QUESTION", "Jane Roe"]
    assert turns[1].content == (
        (text.index("We will"), text.index("Details follow.") + 15),
        (text.index("They"), text.index("out.") + 4),
    )
    assert [found.index(turns[0]), found.index(turns[2])] == [turns[1].responds_to, turns[3].responds_to]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                '"',
                "“",
                "”",
                "'",
                ":",
                ",",
                ".",
                "\n",
                "He",
                "said",
                "that",
                "told",
                "Iran",
                "to",
                "of",
                "accused",
                "the",
                "talks",
                "failed",
                "not",
                "--",
                "é",
            ]
        ),
        max_size=40,
    ).map(" ".join)
)
def test_spans_lie_in_the_text_and_nest(text: str) -> None:
    _, found = read(text)
    for n, a in enumerate(found):
        for spans in (a.source, a.cue, a.content, a.addressees):
            assert all(0 <= s < e <= len(text) for s, e in spans)
            assert list(spans) == sorted(spans)
        assert a.content
        assert a.parent is None or a.parent != n


@pytest.mark.parametrize(
    ("headline", "source"),
    [
        ("Statement by the High Representative on behalf of the European Union on Mali", "the European Union"),
        ("Joint Statement of Japan and Australia on Trade", "Japan and Australia"),
        ("Remarks by President Ruto at the Nairobi summit", "President Ruto"),
        ("G7 Foreign Ministers' Joint Statement on Sudan", "G7 Foreign Ministers'"),
        # nobody is named
        ("Joint communiqué", None),
        # reports about words
        ("Remarks by Ruto have angered Uganda", None),
        ("Kenya deplores the statement by Uganda", None),
    ],
)
def test_every_paragraph_of_an_issued_statement_is_its_issuer_s(headline: str, source: str | None) -> None:
    text = f"{headline}\n\nNairobi, 4 May\n\nThe vote was fair. We thank all voters.\n\nWe will go on."
    parse = parse_document(Document(id="t", text=text, kind="statement"))
    found = [a for a in attribute(parse, None) if a.lemma == "state"]
    assert [text[slice(*a.source[0])] for a in found] == ([source] * 2 if source else [])
    assert [text[slice(*a.content[0])] for a in found] == text.split("\n\n")[2:] * bool(source)
