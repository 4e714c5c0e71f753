"""Predicates and their arguments: who is subject, object and prepositional object of a verb, noun or adjective.

Works on ClearNLP dependency labels. Passives, relative clauses, participles, coordination, control ("agreed to sign")
and light verbs ("paid a visit to") are undone, so that one lexicon row serves all of these.
"""

from dataclasses import dataclass, field
from functools import cached_property

from communique.parsing.parse import Parse

CLAUSAL = frozenset({"ccomp", "advcl", "relcl", "parataxis", "csubj"})
OBJECT_CONTROL_EXCEPT = frozenset({"promise", "pledge", "vow", "threaten", "offer"})
_RELATIVE = frozenset({"WDT", "WP", "WP$"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"})


@dataclass(eq=False)
class Predicate:
    """A trigger with its arguments, each a list of the indices of head tokens, conjuncts included.

    kind: "v" verb, "n" noun, "a" adjective. prepositions: lower-case preposition -> heads of what follows it.
    light: index of the verb that a noun is the object of; None where it carries no sense of its own here.
    receivers: who has a deed done to them by the verb that governs its noun ("Mali faces criticism from …").
    fallback: subjects of the governing clause, for when the subjects are a pronoun or a document that nobody resolved.
    """

    parse: Parse
    head: int
    kind: str
    subjects: list[int] = field(default_factory=list)
    objects: list[int] = field(default_factory=list)
    datives: list[int] = field(default_factory=list)
    prepositions: dict[str, list[int]] = field(default_factory=dict)
    particles: set[str] = field(default_factory=set)
    auxiliaries: set[str] = field(default_factory=set)
    complements: list[int] = field(default_factory=list)
    purposes: list[int] = field(default_factory=list)
    receivers: list[int] = field(default_factory=list)
    light: int | None = None
    passive: bool = False
    fallback: list[int] = field(default_factory=list)

    @property
    def lemma(self) -> str:
        return self.parse.tokens[self.head].lemma.lower()

    @cached_property
    def scope(self) -> list[int]:
        """Tokens of the clause or phrase: everything below the head but other clauses and coordinated verbs."""
        return clause_tokens(self.parse, self.light if self.kind == "n" and self.light is not None else self.head)

    @cached_property
    def words(self) -> frozenset[str]:
        """Lemmas and word forms of the clause but its head, in lower case."""
        tokens = self.parse.tokens
        return frozenset(w for i in self.scope if i != self.head for w in (tokens[i].lemma.lower(), tokens[i].lower))

    @cached_property
    def wording(self) -> str:
        """The clause in lower case, single spaces."""
        return " ".join(self.parse.tokens[i].lower for i in self.scope)


def clause_tokens(parse: Parse, head: int) -> list[int]:
    """Tokens below `head` without subordinate clauses and coordinated predicates, in order."""
    found = [head]
    for i in found:
        for j in parse.children[i]:
            token = parse.tokens[j]
            if token.dep in CLAUSAL or (token.dep == "conj" and i == head and token.pos in {"VERB", "AUX"}):
                continue
            found.append(j)
    return sorted(found)


def conjuncts(parse: Parse, head: int) -> list[int]:
    """`head` and what is coordinated with it."""
    found = [head]
    for i in found:
        found.extend(j for j in parse.children[i] if parse.tokens[j].dep == "conj" and parse.tokens[j].pos in _NOMINAL)
    return found


def verb_predicate(parse: Parse, head: int) -> Predicate:
    """Arguments of a verb."""
    tokens = parse.tokens
    found = Predicate(parse, head, "v")
    for j in parse.children[head]:
        token = tokens[j]
        if token.dep == "nsubj":
            found.subjects += _resolved(parse, head, j)
        elif token.dep == "nsubjpass":
            found.passive = True
            found.objects += _resolved(parse, head, j)
        elif token.dep == "agent":
            found.subjects += [k for g in parse.children[j] if tokens[g].dep == "pobj" for k in conjuncts(parse, g)]
        elif token.dep in {"dobj", "attr", "oprd"} and token.pos in _NOMINAL:
            found.objects += _resolved(parse, head, j)
        elif token.dep == "dative":
            below = [g for g in parse.children[j] if tokens[g].dep == "pobj"]
            found.datives += [k for g in below or [j] for k in conjuncts(parse, g)]
            if below:
                _add(found.prepositions, token.lower, found.datives)
        elif token.dep == "prt":
            found.particles.add(token.lower)
        elif token.dep in {"aux", "auxpass"}:
            found.auxiliaries.add(token.lemma.lower())
            found.passive |= token.dep == "auxpass"
        elif token.dep in {"xcomp", "ccomp", "acomp"}:
            found.complements.append(j)
        elif token.dep == "advcl" and token.tag == "VB":
            found.purposes.append(j)
        if token.dep in {"prep", "dobj", "oprd", "attr", "nsubjpass", "advmod", "prt", "acomp"}:
            _prepositions(parse, j, found.prepositions, 0)
    _from_context(found)
    return found


def noun_predicate(
    parse: Parse, head: int, light: frozenset[str], receiving: frozenset[str] = frozenset()
) -> Predicate:
    """Arguments of a noun that names a deed: "China's offer to Laos", "an attack by X on Y", "paid a visit to Y"."""
    tokens = parse.tokens
    found = Predicate(parse, head, "n")
    for j in parse.children[head]:
        token = tokens[j]
        if token.dep == "poss" or (token.dep in {"amod", "compound", "nmod"} and token.pos in {"PROPN", "ADJ", "NOUN"}):
            (found.subjects if token.dep == "poss" else found.objects).extend(conjuncts(parse, j))
        elif token.dep in {"acl", "xcomp"}:
            found.complements.append(j)
        if token.dep in {"prep", "acl", "agent"}:
            _prepositions(parse, j, found.prepositions, 0)
    governor = tokens[head].head
    verb = tokens[governor]
    if tokens[head].dep in {"dobj", "nsubjpass", "pobj", "oprd", "attr"}:
        if tokens[head].dep == "pobj":
            verb = tokens[verb.head] if verb.pos == "ADP" else verb
        if verb.pos == "VERB" and verb.lemma.lower() in light:
            found.light = verb.i
            outer = verb_predicate(parse, verb.i)
            for name, heads in outer.prepositions.items():
                _add(found.prepositions, name, heads)
            found.subjects = found.subjects + [i for i in outer.subjects if i not in found.subjects]
            found.datives = outer.datives
            found.auxiliaries = outer.auxiliaries
        elif verb.pos == "VERB" and verb.lemma.lower() in receiving:
            outer = verb_predicate(parse, verb.i)
            found.receivers = outer.subjects
            for name in ("from", "by"):
                found.subjects = found.subjects + outer.prepositions.get(name, [])
            found.subjects += [i for i in found.prepositions.get("from", []) if i not in found.subjects]
    if "by" in found.prepositions:
        found.subjects = found.prepositions["by"] + found.subjects
    if found.subjects and all(tokens[i].pos == "PRON" for i in found.subjects) and verb.pos == "VERB":
        found.fallback = verb_predicate(parse, verb.i).subjects  # "completed its withdrawal"
    return found


def adjective_predicate(parse: Parse, head: int) -> Predicate:
    """Arguments of an adjective that is said of somebody: "Norway is ready to …"."""
    tokens = parse.tokens
    found = Predicate(parse, head, "a")
    governor = tokens[tokens[head].head]
    if governor.pos in {"AUX", "VERB"} and tokens[head].dep in {"acomp", "attr", "oprd", "ROOT"}:
        outer = verb_predicate(parse, governor.i)
        found.subjects, found.auxiliaries = outer.subjects, outer.auxiliaries
    for j in parse.children[head]:
        if tokens[j].dep in {"xcomp", "ccomp"}:
            found.complements.append(j)
        if tokens[j].dep == "prep":
            _prepositions(parse, j, found.prepositions, 0)
    return found


def _resolved(parse: Parse, verb: int, argument: int) -> list[int]:
    """An argument's conjuncts; a relative pronoun stands for the noun that its clause modifies."""
    if parse.tokens[argument].tag in _RELATIVE or (
        parse.tokens[argument].lower == "that" and parse.tokens[verb].dep == "relcl"
    ):
        clause = verb
        while parse.tokens[clause].dep in {"conj", "xcomp"} and parse.tokens[clause].head != clause:
            clause = parse.tokens[clause].head
        if parse.tokens[clause].dep == "relcl":
            return [parse.tokens[clause].head]
    return conjuncts(parse, argument)


def _prepositions(parse: Parse, i: int, into: dict[str, list[int]], depth: int) -> None:
    """Collect prepositional objects at and below `i`: through nouns and prepositions, not through clauses."""
    token = parse.tokens[i]
    if token.dep in {"prep", "agent", "dative"} or token.pos == "ADP":
        for j in parse.children[i]:
            if parse.tokens[j].entity in {"DATE", "TIME"}:
                continue  # "called her on Friday" calls on nobody
            if parse.tokens[j].dep in {"pobj", "pcomp"}:
                heads = conjuncts(parse, j) if parse.tokens[j].dep == "pobj" else [j]
                _add(into, token.lower, heads)
                if depth < 4:
                    for k in heads:
                        _prepositions(parse, k, into, depth + 1)
            elif parse.tokens[j].dep == "prep":
                _prepositions(parse, j, into, depth + 1)
        return
    if depth < 4:
        for j in parse.children[i]:
            if parse.tokens[j].dep in {"prep", "agent", "conj", "acl"}:
                _prepositions(parse, j, into, depth + 1)


def _add(into: dict[str, list[int]], name: str, heads: list[int]) -> None:
    known = into.setdefault(name, [])
    known.extend(i for i in heads if i not in known)


def _from_context(found: Predicate) -> None:
    """Give a verb without a subject (a participle without an object) the one that its place implies."""
    parse, tokens = found.parse, found.parse.tokens
    token = tokens[found.head]
    governor = tokens[token.head]
    if token.dep == "acl" and token.tag == "VBN" and not found.objects:
        found.objects, found.passive = [governor.i], True
        return
    if token.dep == "relcl" and not found.objects and not found.passive and governor.i not in found.subjects:
        # "the envoy whom Kenya expelled": the noun is what is missing
        found.objects = [governor.i]
    if found.subjects and token.dep == "ccomp" and all(tokens[i].pos == "PRON" for i in found.subjects):
        if governor.pos in {"VERB", "AUX"}:  # "Norway said it would …"
            found.fallback = verb_predicate(parse, governor.i).subjects
        return
    if found.subjects or found.passive:
        return
    if token.dep in {"acl", "relcl"} and governor.pos in _NOMINAL:
        if token.tag in {"VBG", "VB"}:
            found.subjects = [governor.i]
            if token.tag == "VBG" and governor.dep in {"dobj", "pobj", "attr"}:  # "put out a report accusing …"
                above = tokens[governor.head]
                above = tokens[above.head] if above.pos == "ADP" else above
                found.fallback = verb_predicate(parse, above.i).subjects if above.pos == "VERB" else []
            # "its refusal to meet X", "a decision to expel X": the one who refuses does it
            owners = [j for j in parse.children[governor.i] if tokens[j].dep == "poss"]
            if owners:
                found.subjects = owners
            elif token.tag == "VB" and tokens[governor.i].dep in {"dobj", "attr"}:
                outer = verb_predicate(parse, governor.head)
                found.subjects = outer.subjects or found.subjects
        return
    climbed = governor
    if token.dep == "pcomp":
        while climbed.pos not in {"VERB", "AUX"} and climbed.head != climbed.i:
            climbed = tokens[climbed.head]
    if token.head == token.i or climbed.i == token.i:
        return
    if token.dep in {"conj", "advcl", "xcomp", "ccomp", "pcomp", "dep"} and climbed.pos in {"VERB", "AUX", "ADJ"}:
        outer = adjective_predicate(parse, climbed.i) if climbed.pos == "ADJ" else verb_predicate(parse, climbed.i)
        controlled = token.dep in {"xcomp", "ccomp"} and outer.objects and outer.lemma not in OBJECT_CONTROL_EXCEPT
        if controlled or outer.passive:
            found.subjects = outer.objects
        else:
            found.subjects = outer.subjects
