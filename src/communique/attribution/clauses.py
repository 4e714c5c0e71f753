"""Attributions by rule on the dependency parse: cue verbs and nouns with their subjects and complements.

Frames are those of the cue lexicon (data/attribution/cues.yaml). Each rule takes the index of a cue's head token and
gives the tokens of source, cue and content; what they leave open (quotation marks, addressees …) is added later.
"""

from dataclasses import dataclass, field

from communique.attribution.lexicon import Lexicon
from communique.parsing import Parse, Token

SUBJECTS = frozenset({"nsubj", "csubj"})
OBJECTS = frozenset({"dobj", "obj", "dative"})
# Below a subject these are asides, not its name.
ASIDES = frozenset({"relcl", "advcl", "parataxis", "punct"})
AUXILIARIES = frozenset({"aux", "auxpass", "neg", "prt"})


@dataclass(slots=True, eq=False)
class Draft:
    """Token indices of one attribution; `head` is the cue's head, `lemma` its entry in the lexicon."""

    head: int
    lemma: str
    source: list[int] = field(default_factory=list)
    cue: list[int] = field(default_factory=list)
    content: list[int] = field(default_factory=list)
    addressee: list[int] = field(default_factory=list)
    negated: bool = False


def clause_drafts(parse: Parse, lexicon: Lexicon) -> list[Draft]:
    """All attributions that the grammar shows, in order of their cues."""
    drafts = []
    openers = {words[0] for words in lexicon.by_preposition}
    for token in parse.tokens:
        if token.lower in openers and (draft := _preposition(parse, token, lexicon)):
            pass
        elif token.pos in {"VERB", "AUX"}:
            draft = _verb(parse, token, lexicon)
        elif token.pos == "NOUN" and token.lemma.lower() in lexicon.nouns:
            draft = _noun(parse, token)
        else:
            continue
        if draft is not None and draft.content:
            drafts.append(draft)
    return drafts


def entry(parse: Parse, token: Token, lexicon: Lexicon) -> tuple[str, list[int]] | None:
    """The cue's lemma in the lexicon, longest first, and its particle or preposition; None for any other verb."""
    lemma = token.lemma.lower()
    for j in parse.children[token.i]:
        child = parse.tokens[j]
        if child.dep in {"prt", "prep", "advmod"} and j > token.i:
            for tail in (
                f"{lemma} {child.lower}",
                *(
                    f"{lemma} {child.lower} {parse.tokens[k].lower}"
                    for k in parse.children[j]
                    if parse.tokens[k].dep == "prep"
                ),
            ):
                if tail in lexicon.frames:
                    return tail, [j]
        if child.dep == "acomp" and f"{lemma} {child.lower}" in lexicon.frames:
            return f"{lemma} {child.lower}", [j]
    return (lemma, []) if lemma in lexicon.frames else None


def subject_of(parse: Parse, verb: int) -> int | None:
    """The verb's subject, its own or that of the verb it is joined to or is a participle of."""
    seen = set()
    while verb not in seen:
        seen.add(verb)
        token = parse.tokens[verb]
        for j in parse.children[verb]:
            if parse.tokens[j].dep in SUBJECTS:
                found = parse.tokens[j]
                if found.lower in {"who", "which", "that"} and token.dep == "relcl":
                    return token.head
                return j
        if passive(parse, verb):
            return _agent(parse, verb)
        if token.dep in {"conj", "xcomp", "advcl", "parataxis", "ccomp", "pcomp", "dep"} and token.head != verb:
            if token.dep == "ccomp" and token.tag not in {"VBG", "VBN"}:
                return None
            verb = token.head
            if token.dep == "pcomp":  # "in saying that": on to the verb above the preposition
                verb = parse.tokens[verb].head
            continue
        if token.dep in {"acl", "relcl"} and parse.tokens[token.head].pos in {"NOUN", "PROPN", "PRON"}:
            return token.head
        return None
    return None


def passive(parse: Parse, verb: int) -> bool:
    return any(parse.tokens[j].dep in {"auxpass", "nsubjpass", "csubjpass"} for j in parse.children[verb])


def _agent(parse: Parse, verb: int) -> int | None:
    for j in parse.children[verb]:
        if parse.tokens[j].dep == "agent":
            return next((k for k in parse.children[j] if parse.tokens[k].dep == "pobj"), None)
    return None


def phrase(parse: Parse, head: int, without: int | None = None) -> list[int]:
    """The noun phrase under `head`, without relative clauses and the like, and without what hangs on `without`."""
    found = [head]
    for i in found:
        for j in parse.children[i]:
            child = parse.tokens[j]
            if j != without and (child.dep not in ASIDES or (child.dep == "punct" and child.lower not in {",", '"'})):
                found.append(j)
    # An apposition belongs to the name and so does the comma before it.
    found.sort()
    run = [head]
    wanted = set(found)
    low = high = head
    while low - 1 in wanted or (low - 2 in wanted and parse.tokens[low - 1].text == ","):
        low -= 1
        run.append(low)
    while high + 1 in wanted or (high + 2 in wanted and parse.tokens[high + 1].text == ","):
        high += 1
        run.append(high)
    return sorted(run)


def _verb(parse: Parse, token: Token, lexicon: Lexicon) -> Draft | None:
    found = entry(parse, token, lexicon)
    if found is None or token.dep in {"aux", "auxpass", "amod", "compound"}:
        return None
    lemma, tail = found
    frames = lexicon.frames[lemma]
    draft = Draft(token.i, lemma)
    draft.negated = any(parse.tokens[j].dep == "neg" for j in parse.children[token.i]) or _refused(
        parse, token, lexicon
    )
    content, addressee = _complement(parse, token, frames, tail)
    if not content and "quote" in frames | {"quote"}:
        content = []
    subject = subject_of(parse, token.i)
    draft.source = phrase(parse, subject, without=token.i) if subject is not None else []
    draft.cue = _cue(parse, token, tail)
    taken = {*draft.source, *draft.cue}
    draft.content = [i for i in content if i not in taken]
    draft.addressee = addressee
    return draft


def _refused(parse: Parse, token: Token, lexicon: Lexicon) -> bool:
    """ "declined to say": the cue hangs on a verb of not speaking."""
    return token.dep == "xcomp" and parse.tokens[token.head].lemma.lower() in lexicon.negative


def _cue(parse: Parse, token: Token, tail: list[int]) -> list[int]:
    found = {token.i, *tail}
    for j in parse.children[token.i]:
        child = parse.tokens[j]
        if child.dep in AUXILIARIES or (child.dep == "advmod" and j < token.i and child.tag == "RB"):
            found.add(j)
    run = [token.i]
    while run[0] - 1 in found:
        run.insert(0, run[0] - 1)
    while run[-1] + 1 in found:
        run.append(run[-1] + 1)
    return sorted({*run, *tail})


def _complement(parse: Parse, token: Token, frames: frozenset[str], tail: list[int]) -> tuple[list[int], list[int]]:
    """Tokens of the content and of the addressee that the verb's frames give."""
    kids = parse.children[token.i]
    by_dep: dict[str, list[int]] = {}
    for j in kids:
        by_dep.setdefault(parse.tokens[j].dep, []).append(j)
    clauses = by_dep.get("ccomp", []) + [
        j for j in by_dep.get("xcomp", []) if frames & {"infinitive", "object_infinitive"}
    ]
    objects = [j for dep in OBJECTS for j in by_dep.get(dep, [])]
    pobj = [k for j in tail for k in parse.children[j] if parse.tokens[k].dep in {"pobj", "pcomp"}]
    if "object_infinitive" in frames:
        demanded = _demand(parse, token, clauses, objects + pobj, kids)
        if demanded is not None:
            return demanded
    if clauses and frames & {"clause", "infinitive", "told", "quote", "charge"}:
        hearer = objects if frames & {"told", "object_infinitive"} else []
        content = [i for j in clauses for i in parse.subtree(j) if not _aside(parse, i, token.i)]
        return sorted(set(content)), [i for j in hearer for i in parse.subtree(j)]
    if "clause" in frames and (below := _below_occasion(parse, token, by_dep.get("prep", []))):
        return below, []
    if token.dep in {"parataxis", "ccomp", "advcl"} and frames & {"clause", "quote"} and not objects and not pobj:
        above = _inverted(parse, token)
        if above:
            return above, []
    if "charge" in frames and objects:
        charge = [
            k
            for j in kids
            for k in (
                parse.subtree(j)
                if parse.tokens[j].lower in {"of", "for", "as", "with", "over"}
                or parse.tokens[j].dep in {"oprd", "xcomp", "ccomp"}
                else []
            )
        ]
        if charge:
            return sorted({*(i for j in objects for i in parse.subtree(j)), *charge}), []
    if "about" in frames and pobj:
        return sorted({i for j in pobj for i in parse.subtree(j)}), []
    if "object" in frames and objects and subject_of(parse, token.i) is not None:
        return sorted({i for j in objects for i in parse.subtree(j)}), []
    return [], []


def _below_occasion(parse: Parse, token: Token, prepositions: list[int]) -> list[int]:
    """ "said at a briefing that talks had failed": parsers hang the clause on the briefing."""
    for j in prepositions:
        for noun in parse.children[j]:
            for k in parse.children[noun]:
                clause = parse.tokens[k]
                below = parse.subtree(k)
                that = parse.tokens[below[0]]
                # In a relative clause "that" would be the subject.
                if (
                    clause.dep in {"relcl", "acl", "ccomp"}
                    and j > token.i
                    and that.lower == "that"
                    and that.dep not in SUBJECTS | {"nsubjpass"}
                ):
                    return below
    return []


def _demand(
    parse: Parse, token: Token, clauses: list[int], objects: list[int], kids: list[int]
) -> tuple[list[int], list[int]] | None:
    """ "urged Y to do", "called on Y to do": the addressee and what is demanded, whichever way the parser hung it."""
    for j in clauses:
        for k in parse.children[j]:
            if parse.tokens[k].dep in SUBJECTS | {"nsubjpass"} and any(
                parse.tokens[m].tag == "TO" for m in parse.children[j]
            ):
                return parse.subtree(j), phrase(parse, k)
    for j in objects:
        infinitives = [
            k
            for k in [*clauses, *kids, *parse.children[j]]
            if k > j
            and parse.tokens[k].dep in {"xcomp", "advcl", "acl", "relcl", "ccomp"}
            and any(parse.tokens[m].tag == "TO" for m in parse.children[k])
        ]
        if infinitives:
            content = {*parse.subtree(j), *(i for k in infinitives for i in parse.subtree(k))}
            addressee = [i for i in phrase(parse, j) if not any(i in parse.subtree(k) for k in infinitives)]
            return sorted(content), addressee
    return None


def _aside(parse: Parse, i: int, cue: int) -> bool:
    """Final punctuation of the sentence that the parser hung below the content is the sentence's."""
    token = parse.tokens[i]
    return (
        token.pos == "PUNCT"
        and token.text in {".", "?", "!"}
        and i > cue
        and i + 1 == parse.sentences[token.sentence][1]
    )


def _inverted(parse: Parse, token: Token) -> list[int]:
    """ "The talks failed, he said": the clause that the cue's own clause hangs on, without the cue's part."""
    if token.head == token.i or parse.tokens[token.head].pos not in {"VERB", "AUX", "NOUN", "ADJ", "PROPN"}:
        return []
    if not any(parse.tokens[j].dep in SUBJECTS for j in parse.children[token.i]):
        return []
    if any(
        parse.tokens[j].dep in {"mark", "prep"} or parse.tokens[j].tag in {"WRB", "WDT", "WP"}
        for j in parse.children[token.i]
    ):
        return []
    own = set(parse.subtree(token.i))
    return [i for i in parse.subtree(token.head) if i not in own and not _aside(parse, i, token.head)]


def _noun(parse: Parse, token: Token) -> Draft | None:
    """ "his claim that the talks failed": the owner is the source and the clause the content."""
    clause = next(
        (
            j
            for j in parse.children[token.i]
            if parse.tokens[j].dep in {"acl", "ccomp"}
            and any(parse.tokens[k].dep == "mark" and parse.tokens[k].lower == "that" for k in parse.children[j])
        ),
        None,
    )
    if clause is None:
        return None
    owner = next((j for j in parse.children[token.i] if parse.tokens[j].dep == "poss"), None)
    source = (
        [i for i in phrase(parse, owner) if parse.tokens[i].lower not in {"'s", "’s", "’"}] if owner is not None else []
    )
    return Draft(token.i, token.lemma.lower(), source=source, cue=[token.i], content=parse.subtree(clause))


def _preposition(parse: Parse, token: Token, lexicon: Lexicon) -> Draft | None:
    """ "according to X": X is the source and the rest of the clause the content."""
    for words in lexicon.by_preposition:
        cue = list(range(token.i, min(token.i + len(words), len(parse.tokens))))
        if tuple(parse.tokens[i].lower for i in cue) != words or parse.tokens[cue[-1]].sentence != token.sentence:
            continue
        named = next(
            (j for i in cue for j in parse.children[i] if parse.tokens[j].dep == "pobj" and j not in cue), None
        )
        if named is None or token.head in cue:
            return None
        source = phrase(parse, named)
        clause = token.head
        while parse.tokens[clause].pos not in {"VERB", "AUX"} and parse.tokens[clause].head != clause:
            clause = parse.tokens[clause].head
        own = {*parse.subtree(token.i), *source, *cue}
        content = [i for i in parse.subtree(clause) if i not in own]
        while content and parse.tokens[content[0]].pos == "PUNCT" and parse.tokens[content[0]].text not in {'"', "“"}:
            content.pop(0)
        while content and parse.tokens[content[-1]].pos == "PUNCT" and parse.tokens[content[-1]].text not in {'"', "”"}:
            content.pop()
        return Draft(token.i, " ".join(words), source=source, cue=cue, content=content)
    return None
