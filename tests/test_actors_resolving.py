"""Who is meant: a catalogue of oddities, one a case, and floors under the shares on our own sets of cases."""

from pathlib import Path

import pytest

from communique.actors.evaluate import Case, evaluate, read_cases
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
        # "we" inside a quotation is the speaker's side
        ("We", '"We will wait," Norway\'s prime minister said.', "2024-03-01", "NOR", "GOV"),
    ],
)
def test_who_is_meant(mention: str, sentence: str, date: str | None, country: str, sector: str) -> None:
    (result,) = evaluate([Case(mention, sentence, date, country, sector)]).results
    assert (result.country, result.sector) == (country, sector), result.actor


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
