"""Who is meant: a catalogue of oddities, one a case, and floors under the shares on our own sets of cases."""

from pathlib import Path

import pytest

import communique
from communique.actors.evaluate import Case, evaluate, read_cases, resolve_sentence
from communique.errors import InputError

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(
    ("mention", "sentence", "date", "country", "sector"),
    [
        # metonyms of governments
        ("Reykjavik", "Reykjavik rejected the offer.", "2024-03-01", "ISL", "GOV"),
        # a place is no actor
        ("Oslo", "The ministers of Chile and Peru met in Oslo.", "2024-03-01", "", ""),
        # whose ambassador, not to whom
        ("Lima's ambassador to Chile", "Lima's ambassador to Chile was heard.", "2024-03-01", "PER", "GOV"),
        # an unlisted person by the pattern of the office
        (
            "Deputy Foreign Minister Olga Testova",
            "Russian Deputy Foreign Minister Olga Testova agreed.",
            None,
            "RUS",
            "GOV",
        ),
        # the same person in two offices, by the day
        ("Mark Rutte", "Mark Rutte spoke to reporters.", "2015-05-01", "NLD", "GOV"),
        ("Mark Rutte", "Mark Rutte spoke to reporters.", "2025-01-15", "", "IGO"),
        # after the last office: a former official
        ("Angela Merkel", "Angela Merkel published her memoirs.", "2024-11-20", "DEU", "ELI"),
        # letters with a stroke written plainly
        ("Radoslaw Sikorski", "Radoslaw Sikorski arrived on Monday.", "2024-05-01", "POL", "GOV"),
        # the surname after the full name
        ("Stubb", "Alexander Stubb visited Riga. Stubb praised the talks.", "2025-02-01", "FIN", "GOV"),
        # a state and not a person, by context
        ("Jordan", "Jordan and Iraq reopened the border.", "2024-03-01", "JOR", "GOV"),
        # the American state
        ("Georgia", "Voters in Georgia and Alabama went to the polls.", "2024-11-05", "", ""),
        # a pronoun, and the ministry already named
        ("it", "Norway said it would wait.", "2024-03-01", "NOR", "GOV"),
        (
            "The ministry",
            "Kenya's foreign ministry protested. The ministry gave no details.",
            "2024-03-01",
            "KEN",
            "GOV",
        ),
        # the ministry of the minister just named
        (
            "The ministry",
            "Chile's foreign minister, Ana Testova, resigned. The ministry was silent.",
            None,
            "CHL",
            "GOV",
        ),
        # the organisation of its chief
        ("The alliance", "NATO chief Mark Rutte spoke. The alliance would wait, he said.", "2025-02-01", "", "IGO"),
        # a capital that speaks, beside a place of the same name
        ("Washington", "Washington said it would pay. Seattle celebrated.", "2024-03-01", "USA", "GOV"),
        # behind a name its office, with the owner between
        ("Ann Testman", "The governor of Alabama, Ann Testman, refused to sign.", "2024-03-01", "USA", "GOV"),
        # "party" in a phrase that names nobody
        ("party", "Kenya is not a party to the treaty.", "2024-03-01", "", ""),
        # an office of one state alone; a title in the name
        ("The pontiff", "The pontiff prayed for Mali.", "2023-02-01", "VAT", "REL"),
        ("The Taoiseach", "The Taoiseach flew to Mali.", "2023-02-01", "IRL", "GOV"),
        # a surname that is an adjective too
        ("Magyar", "Hungary's prime minister spoke. Magyar said no.", "2026-06-01", "HUN", "GOV"),
        # whose clause it was
        ("It", "Chad said Libya had closed the border. It sent a note.", "2023-02-01", "TCD", "GOV"),
        # "we" inside a quotation is the speaker's side
        ("We", '"We will wait," Norway\'s prime minister said.', "2024-03-01", "NOR", "GOV"),
    ],
)
def test_who_is_meant(mention: str, sentence: str, date: str | None, country: str, sector: str) -> None:
    (result,) = evaluate([Case(mention, sentence, date, country, sector)]).results
    assert (result.country, result.sector) == (country, sector), result.actor


@pytest.mark.parametrize(
    ("text", "mention", "wanted"),
    [
        ("China and Australia met. They agreed.", "They", {"CHN", "AUS"}),
        ("Egypt, Jordan and Iraq signed. Their leaders met.", "Their leaders", {"EGY", "JOR", "IRQ"}),
        ("Macron met Scholz in Bonn. The two agreed to wait.", "two", {"FRA", "DEU"}),
        ("Kenya and Uganda met. Tanzania objected. The two countries will sign.", "countries", {"KEN", "UGA"}),
        ("The German and French foreign ministers wrote a letter. They urged a pause.", "They", {"DEU", "FRA"}),
        ("Two Turkish soldiers fell. Ankara said the two were on patrol.", "two were", {"TUR"}),
        ("Japan and South Korea protested. The neighbours spoke of a threat.", "neighbours", {"JPN", "KOR"}),
        ('"Our two countries are friends," Erdogan told Aliyev.', "countries", {"TUR", "AZE"}),
        # ministers are not the heads of state
        ("Wang Yi met Antony Blinken. The two heads of state will talk in May.", "heads", {"CHN", "USA"}),
    ],
)
def test_several_are_meant(text: str, mention: str, wanted: set[str]) -> None:
    found = resolve_sentence(text, "2023-02-01")
    at = text.index(mention)
    meant = [found.actors[m.actor] for m in found.mentions if any(s <= at < e for s, e in m.spans)]
    assert {actor.country for actor in meant} == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Dmitry Peskov sighed. Asked whether Vladimir Putin had called, he said no.", {"person/dmitry-peskov"}),
        ("Asked whether Vladimir Putin had called, he said no.", set()),
        ("When Vladimir Putin called, he said no.", {"person/vladimir-putin"}),
    ],
)
def test_a_question_is_not_answered_by_whom_it_is_about(text: str, wanted: set[str]) -> None:
    found = resolve_sentence(text, "2023-02-01")
    assert {m.actor for m in found.mentions if text[slice(*m.spans[0])] == "he"} == wanted


def test_a_reporter_is_no_side() -> None:
    text = "Reuters: Will the two sides meet?\n\nMao Ning: Ask Japan.\n\nReuters: And when?\n\nMao Ning: Wait."
    found = resolve_sentence(text, "2023-02-01")
    assert not [m for m in found.mentions if text[slice(*m.spans[0])] == "sides"]


@pytest.mark.parametrize(
    ("text", "we"),
    [
        ("Statement by the Council on behalf of the European Union on Mali\n\nWe condemn the coup.", {"IGO/eu"}),
        ("Joint Statement of Japan and Australia on Trade\n\nWe agree on much.", {"JPN", "AUS"}),
        ("Remarks by Emmanuel Macron at a meeting with Kenya\n\nThank you. We shall help.", {"FRA"}),
        ("Kenya to wait, says its president\n\nWe met him at noon.", set()),
    ],
)
def test_the_headline_of_a_statement_says_who_we_are(text: str, we: set[str]) -> None:
    record = communique.code(text, published="2023-02-01")
    assert {m.actor for m in record.mentions if text[slice(*m.spans[0])] == "We"} == we


def test_a_statement_is_no_person() -> None:
    found = resolve_sentence("A Joint Statement said Chad would wait. The Joint Statement was short.", "2023-02-01")
    assert {id for id, actor in found.actors.items() if actor.kind == "person"} == set()


def test_a_function_first_and_the_name_later() -> None:
    text = 'A ministry spokesman said the ban was wrong. "We urge an end to it," Wang Wenbin said in Beijing.'
    found = resolve_sentence(text, "2023-02-01")
    assert [s.source.actor for s in found.statements][:2] == ["person/wang-wenbin"] * 2


def test_the_object_is_not_the_subject() -> None:
    text = "Macron and Scholz rang Putin. The two leaders asked him to withdraw."
    found = resolve_sentence(text, "2023-02-01")
    (him,) = [m.actor for m in found.mentions if text[slice(*m.spans[0])] == "him"]
    assert him == "person/vladimir-putin"


def test_two_states_of_one_noun_are_two_actors() -> None:
    sentence = "Hungarian and Romanian officials agreed."
    cases = [Case("Hungarian", sentence, None, "HUN", "GOV"), Case("Romanian officials", sentence, None, "ROU", "GOV")]
    assert evaluate(cases).country == 1.0


@pytest.mark.parametrize(
    ("name", "country", "sector"), [("actor_cases.tsv", 0.98, 0.98), ("actor_cases_fresh.tsv", 0.96, 0.95)]
)
def test_floor(name: str, country: float, sector: float) -> None:
    found = evaluate(read_cases(DATA / name))
    assert found.country >= country
    assert found.sector >= sector


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("mention\tsentence\n", "'date' is missing"),
        ("mention\tsentence\tdate\tcountry\tsector\nX\tY.\t\t\t\n", "does not stand"),
    ],
)
def test_bad_cases(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "cases.tsv"
    path.write_text(text)
    with pytest.raises(InputError, match=says):
        read_cases(path)


def test_state_of_a_target_that_only_its_official_names() -> None:
    record = communique.code("The president urged Li to wait.", published="2024-01-02")
    assert {t for p in record.positions for t in p.targets} <= {a.id for a in record.actors}
    assert "CHN" in {a.id for a in record.actors}
