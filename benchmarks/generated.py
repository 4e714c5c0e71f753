"""Documents made from templates of our own, the same for the same seed, with a wished-for share of near copies.

They read like agency reports: a dateline, who said what, who did what, background. A near copy is an earlier document
with another byline or agency line, a sentence cut or a word changed, as newspapers reprint agency reports.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from communique.reading.text import document_from_text
from communique.records import Document

STATES = [
    ("China", "Chinese", "Beijing"), ("Japan", "Japanese", "Tokyo"), ("France", "French", "Paris"),
    ("Kenya", "Kenyan", "Nairobi"), ("Brazil", "Brazilian", "Brasilia"), ("India", "Indian", "New Delhi"),
    ("Turkey", "Turkish", "Ankara"), ("Norway", "Norwegian", "Oslo"), ("Mexico", "Mexican", "Mexico City"),
    ("Vietnam", "Vietnamese", "Hanoi"), ("Egypt", "Egyptian", "Cairo"), ("Poland", "Polish", "Warsaw"),
    ("Peru", "Peruvian", "Lima"), ("Iran", "Iranian", "Tehran"), ("the United States", "U.S.", "Washington"),
]  # fmt: skip
FIRST = [
    "Anna",
    "Boris",
    "Carla",
    "David",
    "Elena",
    "Farid",
    "Grace",
    "Henri",
    "Ines",
    "Jonas",
    "Katja",
    "Liang",
    "Maria",
    "Nadia",
    "Omar",
    "Petra",
    "Rosa",
    "Samir",
]
LAST = [
    "Abara",
    "Bertin",
    "Castro",
    "Demir",
    "Ekholm",
    "Fontaine",
    "Guerra",
    "Haddad",
    "Iversen",
    "Jansen",
    "Kowal",
    "Lindt",
    "Moreau",
    "Nakata",
    "Okoye",
]
BODIES = ["Foreign Ministry", "Defense Ministry", "Ministry of Commerce", "central bank", "parliament", "presidency"]
ROLES = ["spokesperson", "deputy minister", "special envoy", "chief negotiator", "senior adviser"]
ISSUES = [
    "the fisheries agreement", "steel tariffs", "the border crossing", "arms sales", "visa rules", "grain exports",
    "the undersea cable", "climate finance", "the prisoner exchange", "joint naval exercises", "debt relief",
]  # fmt: skip
ACTS = [
    "signed an agreement on {issue} with {other}", "imposed sanctions on two companies from {other}",
    "recalled its ambassador from {city2}", "sent a delegation to {city2} for talks on {issue}",
    "expelled three diplomats from {other}", "delivered medical aid to {other}", "suspended talks with {other}",
    "opened a consulate in {city2}", "seized a cargo ship that sailed under the flag of {other}",
]  # fmt: skip
CLAIMS = [
    "{other} should return to the negotiating table without delay", "the two sides had made progress on {issue}",
    "its position on {issue} was consistent and clear", "it firmly opposed any interference in its internal affairs",
    "dialogue and win-win cooperation were the only way forward", "it was deeply concerned about {issue}",
    "the accusations from {city2} were groundless", "it would take all necessary measures to protect its interests",
    "a decision on {issue} would be announced before the end of the month", "no talks were planned with {other}",
]  # fmt: skip
SENTENCES = [
    "{person}, {role} of the {adj} {body}, said on {day} that {claim}.",
    '"We hope that {other} will meet us halfway on {issue}," {last} told reporters in {city}.',
    "The {adj} {body} urged {other} to lift the restrictions on {issue} and to respect international law.",
    "According to a statement by the {body}, {claim}.",
    "{state} {act} on {day}, two weeks after the {adj2} government had asked for a delay.",
    "Asked about {issue}, {person} said {claim}, adding that {claim2}.",
    "A {role} of the {adj2} {body2} rejected the remarks and called them \"a distortion of the facts\".",
    "{city2} has accused {city} of blocking {issue}, a charge that {last} denied.",
    "Trade between the two countries rose by {n} percent last year to {m} billion dollars.",
    "The talks, which began in {year}, have been interrupted several times by disputes over {issue}.",
    "About {n} people gathered outside the {body} in {city} to protest against {issue}, police said.",
    "Analysts noted that {claim}, although few expected a breakthrough before the summit in {city2}.",
    "{state} and {other} agreed to set up a working group on {issue} and to meet again in {city2} next month.",
    "The weather in {city} was cold and the streets around the conference hall were closed to traffic.",
    "{last}, who took office in {year}, studied law and worked for {n} years in the provincial administration.",
    "If {other} goes ahead, {state} will respond in kind, the {role} warned, without giving details.",
]  # fmt: skip
CLOSING = ["(Reporting by {person}; editing by {last})", "This report was updated at {n}:00.", "Written by {person}."]


def documents(count: int, seed: int = 1, duplicates: float = 0.0, words: int = 450) -> Iterator[Document]:
    """Generated documents, one at a time.

    Args:
        count: how many.
        seed: the same seed gives the same documents.
        duplicates: share of near copies of earlier ones, 0 to 1.
        words: mean length; lengths vary by half of it.
    """
    random = Random(seed)
    recent: list[str] = []
    for number in range(count):
        if recent and random.random() < duplicates:
            text = _copied(random.choice(recent), random)
        else:
            text = _text(random, round(words * random.uniform(0.5, 1.5)))
            # Reprints follow within days: only so many of the originals are still around.
            recent = [*recent[-199:], text]
        yield document_from_text(
            text,
            url=f"https://generated.example/{seed}/{number}",
            published=(date(2023, 1, 1) + timedelta(days=number % 700)).isoformat(),
            language="en",
        )


def _text(random: Random, words: int) -> str:
    slots = _slots(random)
    headline = f"{slots['state']} and {slots['other']} at odds over {slots['issue']}".replace("the ", "")
    paragraphs = []
    count = 0
    while count < words:
        sentences = [_filled(random.choice(SENTENCES), random, slots) for _ in range(random.randint(1, 3))]
        paragraphs.append(" ".join(sentences))
        count += sum(len(s.split()) for s in sentences)
    agency = f"{slots['city'].upper()}, {slots['date']} (Agency) -- "
    return "\n\n".join(
        [headline, agency + paragraphs[0], *paragraphs[1:], _filled(random.choice(CLOSING), random, slots)]
    )


def _slots(random: Random) -> dict[str, str]:
    (state, adj, city), (other, adj2, city2) = random.sample(STATES, 2)
    person = f"{random.choice(FIRST)} {random.choice(LAST)}"
    return {
        "state": state, "adj": adj, "city": city, "other": other, "adj2": adj2, "city2": city2,
        "body": random.choice(BODIES), "body2": random.choice(BODIES), "role": random.choice(ROLES), "person": person,
        "last": person.split()[1], "date": f"March {random.randint(1, 30)}", "issue": random.choice(ISSUES),
    }  # fmt: skip


def _filled(template: str, random: Random, slots: dict[str, str]) -> str:
    given = slots | {
        "day": random.choice(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]),
        "n": str(random.randint(2, 95)),
        "m": str(random.randint(2, 400)),
        "year": str(random.randint(1998, 2022)),
        "issue": random.choice([slots["issue"], random.choice(ISSUES)]),
    }
    for slot, choices in (("claim", CLAIMS), ("claim2", CLAIMS), ("act", ACTS)):
        given[slot] = random.choice(choices).format(**given)
    filled = template.format(**given)
    return filled[0].upper() + filled[1:]


def _copied(text: str, random: Random) -> str:
    """A near copy: another agency line, the headline or one paragraph cut, a word changed."""
    paragraphs = text.split("\n\n")
    paragraphs[-1] = f"From our correspondent {random.choice(FIRST)} {random.choice(LAST)}."
    if len(paragraphs) > 6 and random.random() < 0.5:
        del paragraphs[random.randrange(3, len(paragraphs) - 1)]
    if random.random() < 0.5:
        paragraphs[0] = f"Dispute over {random.choice(ISSUES)} grows"
    paragraphs[1] = paragraphs[1].replace("(Agency)", random.choice(["(Newswire)", "(Herald)", "(Daily)"]))
    return "\n\n".join(paragraphs)
