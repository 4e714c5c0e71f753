"""What is no political event: nobody political takes part, it is sport, or it is about the report itself."""

from functools import cache
from pathlib import Path

from communique.coding.candidates import Candidate
from communique.coding.participants import Participants
from communique.data import data_path, parse_yaml
from communique.errors import DataError
from communique.parsing.parse import Parse

_FIELDS = ("sectors", "sport", "politics", "reporting")


@cache
def load_discard(path: Path | None = None) -> dict[str, frozenset[str]]:
    """Read the lists of data/codebooks/discard.yaml.

    Raises:
        DataError: a list is missing or is no list of words.
    """
    file = path or data_path("codebooks", "discard.yaml")
    raw = parse_yaml(file.read_text(encoding="utf8"))
    for field in _FIELDS:
        values = raw.get(field) if isinstance(raw, dict) else None
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise DataError(f"{file.name}: {field!r} must be a list of words")
    return {field: frozenset(raw[field]) for field in _FIELDS}


def is_political(candidate: Candidate, participants: Participants) -> bool:
    """Whether a state, one of its organs, an international body or an organised political group takes part."""
    private = load_discard()["sectors"]
    for actor in (*candidate.sources, *candidate.targets):
        found = participants.actors.get(actor)
        if found is None:
            continue
        if found.kind == "state" or actor.startswith("IGO/"):
            return True
        if found.sector is not None and found.sector not in private:
            return True
    return False


def is_sport(candidate: Candidate, parse: Parse, participants: Participants) -> bool:
    """Whether a sentence with no organ of state in it speaks the language of sport."""
    words = load_discard()
    first, end = parse.sentences[parse.tokens[candidate.predicate.head].sentence]
    lemmas = {parse.tokens[i].lemma.lower() for i in range(first, end)}
    if len(lemmas & words["sport"]) < 2 or lemmas & words["politics"]:
        return False
    private = words["sectors"]
    actors = (participants.actors[a] for a in (*candidate.sources, *candidate.targets) if a in participants.actors)
    return not any(a.kind != "state" and a.sector is not None and a.sector not in private for a in actors)


def is_reporting(candidate: Candidate, parse: Parse) -> bool:
    """Whether a deed is a source's terms with the reporter: "declined to be named", "asked not to be identified"."""
    words = load_discard()["reporting"]
    for i in parse.children[candidate.predicate.head]:
        token = parse.tokens[i]
        passive = any(parse.tokens[j].dep == "auxpass" for j in parse.children[i])
        if token.dep in {"xcomp", "ccomp"} and passive and token.lemma.lower() in words:
            return True
    return False
