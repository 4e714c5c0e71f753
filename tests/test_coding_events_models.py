"""The learned event classes, the places of events, and their measuring."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.coding.classifier import load_classifier
from communique.coding.deciding import learned_scores
from communique.coding.encoder import encoder_log_probabilities
from communique.coding.evaluate_events import classify_given, end_to_end, given_actors, read_marked, score
from communique.coding.events import code_events
from communique.coding.features import blanked, marked
from communique.coding.modality import load_modality
from communique.coding.places import find_city
from communique.errors import DataError, InputError
from communique.parsing import parse_document
from communique.records import Document

TEXT = "Kenya sent food aid to Togo."
SENTENCE = (TEXT, ((0, 5),), ((23, 27),))


def test_actors_are_blanked_for_the_linear_model_and_marked_for_the_encoder() -> None:
    assert blanked(*SENTENCE) == " SRC  sent food aid to  TGT ."
    words, source, target = marked(*SENTENCE)
    assert words == " @ Kenya @  sent food aid to  # Togo # ."
    assert (words[source], words[target]) == ("@", "#")


def test_absent_target_has_no_mark() -> None:
    words, source, target = marked(TEXT, ((0, 5),), ())
    assert "#" not in words and source == 1 and target == -1


def test_marks_one_inside_the_other_keep_their_order() -> None:
    words, source, target = marked("Iraqi fighters fled.", ((0, 14),), ((0, 5),))
    assert words.split() == ["@", "#", "Iraqi", "#", "fighters", "@", "fled."]
    assert source < target


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=900), st.integers(0, 900), st.integers(1, 40), st.integers(0, 900), st.integers(1, 40))
def test_marks_survive_the_cut_of_a_long_sentence(text: str, s: int, n: int, t: int, m: int) -> None:
    source, target = (min(s, len(text)), min(s + n, len(text))), (min(t, len(text)), min(t + m, len(text)))
    words, first, second = marked(text, (source,), (target,))
    if first < len(words):
        assert words[first] == "@"
    if second < len(words):
        assert words[second] == "#"


def test_log_probabilities_of_both_models_sum_to_one_and_tell_plain_cases() -> None:
    model = load_classifier()
    assert model is not None
    sentences = [SENTENCE, ("Peru expelled envoys of Mali.", ((0, 4),), ((24, 28),))]
    for scores in (
        model.log_probabilities([blanked(*s) for s in sentences]),
        encoder_log_probabilities(sentences, model.classes),
    ):
        assert scores is not None
        assert np.allclose(np.exp(scores).sum(axis=1), 1.0, atol=1e-4)
    both = learned_scores(sentences, model)
    assert [model.classes[i] for i in both.argmax(axis=1)] == ["AID", "SANCTION"]


def test_encoder_s_classes_stand_in_the_order_asked_for() -> None:
    forth = encoder_log_probabilities([SENTENCE], ("AID", "ASSAULT"))
    back = encoder_log_probabilities([SENTENCE], ("ASSAULT", "AID"))
    assert forth is not None and back is not None
    assert np.allclose(forth[:, ::-1], back)


def test_a_broken_classifier_and_broken_word_lists_are_named(tmp_path: Path) -> None:
    broken = tmp_path / "events.npz"
    np.savez(broken, classes=np.array(["AID"]))
    with pytest.raises(DataError, match=r"events\.npz"):
        load_classifier(broken)
    assert load_classifier(tmp_path / "none.npz") is None
    words = tmp_path / "modality.yaml"
    words.write_text("demanding: urge\n", encoding="utf8")
    with pytest.raises(DataError, match="'demanding' must be a list"):
        load_modality(words)


@pytest.mark.parametrize(
    ("name", "states", "country"),
    [
        ("Córdoba", frozenset({"ARG"}), "ARG"),  # two large cities: the text names Argentina
        ("Cordoba", frozenset({"ESP"}), "ESP"),
        ("Tripoli", frozenset(), "LBY"),  # nothing named: the larger one
        ("Tripoli", frozenset({"LBN"}), "LBN"),
        ("Paris", frozenset({"USA"}), "FRA"),  # Paris, Texas would be explained
    ],
)
def test_ambiguous_places(name: str, states: frozenset[str], country: str) -> None:
    found = find_city(name, states)
    assert found is not None and found.country == country
    assert found.latitude is not None and -90 <= found.latitude <= 90


def test_unknown_place_is_none() -> None:
    assert find_city("Nowhereville-on-Sea") is None


GOLD = """id\tmarked_sentence\tplover
1\t<s>Norway</s> expelled two diplomats of <t>Kenya</t>.\tSANCTION
2\t<s>Chile</s> freed nine sailors from <t>Peru</t>.\tYIELD
3\t<s>Ghana</s> praised <t>Togo</t> for its reforms.\tASSAULT
"""


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    file = tmp_path / "gold.tsv"
    file.write_text(GOLD, encoding="utf8")
    return file


def test_marked_sentences_lose_their_marks_and_keep_their_spans(gold: Path) -> None:
    first = read_marked(gold)[0]
    assert first.text == "Norway expelled two diplomats of Kenya."
    assert [first.text[s:e] for s, e in (*first.sources, *first.targets)] == ["Norway", "Kenya"]


def test_scores_with_given_actors_join_the_parts_of_an_older_class(gold: Path) -> None:
    sentences = read_marked(gold)
    said = classify_given(sentences, [parse_document(Document(id=s.id, text=s.text)) for s in sentences])
    assert said == ["SANCTION", "YIELD", "SUPPORT"]
    found = score(sentences, said)
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.f1["YIELD"] == 1.0 and found.f1["ASSAULT"] == 0.0
    assert found.quad_accuracy == pytest.approx(2 / 3)
    assert found.confusion["ASSAULT", "SUPPORT"] == 1


def test_end_to_end_asks_for_class_and_both_states(gold: Path) -> None:
    sentences = {s.id: s for s in read_marked(gold)}

    def code(document: Document):  # type: ignore[no-untyped-def]
        resolution = given_actors(sentences[document.id])
        return resolution, code_events(parse_document(document), resolution)

    found = end_to_end(sentences.values(), code)
    assert (found.rows, found.found, found.right) == (3, 3, 2)
    assert found.missed == [("3", "SUPPORT")]


def test_a_table_without_its_columns_and_one_that_is_not_there(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.tsv"
    wrong.write_text("id\ttext\n1\tx\n", encoding="utf8")
    with pytest.raises(InputError, match="lacks the column 'marked_sentence'"):
        read_marked(wrong)
    with pytest.raises(InputError, match="cannot be read"):
        read_marked(tmp_path / "none.tsv")
