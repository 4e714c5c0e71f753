"""One clause as the rules for positions ask about it: whose it is, who its subject is, what it governs."""

from functools import cached_property

from communique.coding.clauses import Predicate, verb_predicate
from communique.coding.conditions import Condition, find_condition
from communique.coding.sides import OWN, Sides
from communique.coding.stance_extent import governor, tokens_of_clause
from communique.coding.stance_lexicon import StanceLexicon
from communique.coding.stance_wordings import kinds_of_wording
from communique.parsing.parse import Parse, Token


class Clause:
    """One predicate of the text with what the rules ask of it."""

    def __init__(self, parse: Parse, sides: Sides, lexicon: StanceLexicon, head: int) -> None:
        self.parse, self.sides, self.lexicon, self.head = parse, sides, lexicon, head
        self.cued = sides.cued_by(head)
        self.statement = sides.statement_at(head)
        self.speaker = sides.source(self.statement)

    @cached_property
    def predicate(self) -> Predicate:
        return verb_predicate(self.parse, self.head)

    @cached_property
    def lemma(self) -> str:
        """Lemma of the head; another stem where the lexicon knows that and not the tagger's ("hopes" is no "hop")."""
        token = self.parse.tokens[self.head]
        lemma = token.lemma.lower()
        if lemma in self.lexicon.known or token.pos not in {"VERB", "AUX", "NOUN", "PROPN"}:
            return lemma
        word = token.lower
        for ending, more in (("s", ""), ("es", ""), ("d", ""), ("ed", ""), ("ing", "e"), ("ing", "")):
            if word.endswith(ending) and word[: -len(ending)] + more in self.lexicon.known:
                return word[: -len(ending)] + more
        return lemma

    @cached_property
    def forms(self) -> list[str]:
        """The verb with its particle or preposition, then the bare verb: "call on", "call"."""
        particles = sorted(self.predicate.particles)
        after = [self.parse.tokens[j] for j in self.parse.children[self.head]]
        found = [f"{self.lemma} {p} {t.lower}" for p in particles for t in after if t.dep == "prep"]  # "speak up for"
        found += [f"{self.lemma} {p}" for p in particles]
        for j in self.parse.children[self.head]:
            token = self.parse.tokens[j]
            if token.dep in {"prep", "prt", "advmod", "dative"} or token.pos == "ADP":
                found.append(f"{self.lemma} {token.lower}")
                found += [
                    f"{self.lemma} {token.lower} {self.parse.tokens[g].lower}"
                    for g in self.parse.children[j]
                    if self.parse.tokens[g].dep in {"prep", "pcomp"}
                ]
            elif token.dep == "acomp":
                found.append(f"{self.lemma} {token.lemma.lower()}")
        return [*found, self.lemma]

    @cached_property
    def negated(self) -> bool:
        tokens = self.parse.tokens
        for j in self.parse.children[self.head]:
            if tokens[j].dep == "neg" or tokens[j].lower in {"never", "neither", "nor"}:
                return True
            if tokens[j].lower in {"longer"} and any(tokens[g].lower == "no" for g in self.parse.children[j]):
                return True
        verb = tokens[self.head]
        if verb.dep == "conj" and not self.has_subject:
            # "does not shy away or flinch": "or" carries the negation on
            around = self.parse.children[verb.head]
            return any(tokens[j].dep == "neg" for j in around) and any(tokens[j].lower in {"or", "nor"} for j in around)
        return False

    @cached_property
    def tokens_below(self) -> list[int]:
        """Tokens of the clause."""
        return tokens_of_clause(self.parse, self.sides, self.head)

    @cached_property
    def words(self) -> frozenset[str]:
        tokens = self.parse.tokens
        return frozenset(w for i in self.tokens_below for w in (tokens[i].lemma.lower(), tokens[i].lower))

    @cached_property
    def auxiliaries(self) -> frozenset[str]:
        found = set(self.predicate.auxiliaries)
        verb = self.parse.tokens[self.head]
        if not found and verb.dep == "conj" and not self.has_subject and verb.tag in {"VB", "VBN", "VBG"}:
            # "will defend its rights and never yield": the auxiliary of the first verb holds for the second
            first = governor(self.parse, self.head)
            found |= {
                self.parse.tokens[j].lemma.lower()
                for j in self.parse.children[first]
                if self.parse.tokens[j].dep in {"aux", "auxpass"}
            }
        return frozenset({"will" if a in {"'ll", "wo", "’ll"} else "can" if a == "ca" else a for a in found})

    @cached_property
    def has_subject(self) -> bool:
        return any(self.parse.tokens[j].dep in {"nsubj", "nsubjpass", "expl"} for j in self.parse.children[self.head])

    @cached_property
    def subjects(self) -> list[int]:
        """Heads of the subject; of a passive the one acted upon, for who ought to act is seldom named."""
        if self.parse.tokens[self.head].tag == "VBN" and self.adjectival:
            return self.predicate.objects
        found = self.predicate.subjects or (self.predicate.objects if self.predicate.passive else [])
        if not found and self.parse.tokens[self.head].dep == "conj":
            for i in self.parse.ancestors(self.head):
                found = [j for j in self.parse.children[i] if self.parse.tokens[j].dep in {"nsubj", "nsubjpass"}]
                if found:
                    break
        return found

    @cached_property
    def subject_sides(self) -> list[str]:
        """Sides of the subject, "it" and "they" without an antecedent taken as the speaker's own in indirect speech."""
        found: list[str] = []
        for i in self.subjects:
            side = self.sides.of(i)
            token = self.parse.tokens[i]
            if side is None and token.lower in {"it", "they", "he", "she"} and self.reported and not self._expletive(i):
                side = OWN
            if side is not None:
                found.append(side)
            for j in self.parse.children[i]:
                if self.parse.tokens[j].dep == "conj" and (side := self.sides.of(j)) is not None:
                    found.append(side)
        return list(dict.fromkeys(found))

    @cached_property
    def reported(self) -> bool:
        return self.statement is not None and self.statement.kind == "indirect"

    def _expletive(self, i: int) -> bool:
        attrs = {self.parse.tokens[j].dep for j in self.parse.children[self.head]}
        return (
            self.lemma == "be"
            and bool(attrs & {"acomp", "attr"})
            and self.parse.tokens[i].lower == "it"
            and ("ccomp" in attrs or "xcomp" in attrs)
        )

    @property
    def own(self) -> bool:
        """Whether the subject is the side that speaks."""
        return any(s == OWN or s == self.speaker for s in self.subject_sides)

    @property
    def others(self) -> list[str]:
        return [s for s in self.subject_sides if s != OWN and s != self.speaker]

    @property
    def owned(self) -> bool:
        """Whether the subject belongs to the side that speaks: "our relations", "ties between it and Chad"."""
        shared = [s for i in self.subjects for t in self.below(i, "between") for s in self.sides.named(t.i)]
        return any(s in {OWN, self.speaker} for s in (*self.subject_owners, *shared))

    @cached_property
    def condition(self) -> Condition | None:
        return find_condition(self.parse, self.head, self.lexicon)

    def holder(self) -> str | None:
        """Side that holds a stance put by this clause's own verb: its subject, else whoever speaks."""
        if self.cued is not None and (side := self.sides.source(self.cued)) is not None:
            return side
        for side in self.subject_sides:
            own = side == OWN or (self.speaker is not None and side.startswith(f"{self.speaker}/"))
            return self.speaker if own else side  # "Kenyans are with you, their president said"
        if not self.subjects:
            token = self.parse.tokens[self.head]
            if token.dep in {"ROOT", "xcomp", "ccomp", "conj", "advcl", "pcomp"} or self.cued is not None:
                return self.speaker
        return None

    @cached_property
    def complements(self) -> set[str]:
        tokens = self.parse.tokens
        found: set[str] = {"any"}
        for j in self.parse.children[self.head]:
            token = tokens[j]
            has_to = any(tokens[g].tag == "TO" for g in self.parse.children[j])
            if token.dep in {"xcomp", "ccomp", "advcl"} and has_to:
                own_subject = any(tokens[g].dep in {"nsubj", "nsubjpass"} for g in self.parse.children[j])
                nominal = any(tokens[g].dep in {"dobj", "dative"} for g in self.parse.children[self.head])
                found.add("obj to" if own_subject or nominal else "to")
            elif token.dep == "ccomp" and j > self.head:
                if any(tokens[g].lower in {"whether", "if"} for g in self.parse.children[j] if g < j):
                    continue  # "asked whether it would pay"
                found.add("that")
                subjects = [g for g in self.parse.children[j] if tokens[g].dep in {"nsubj", "nsubjpass"}]
                named = [s for g in subjects for s in self.sides.named(g)]
                agents = self.lexicon.words["agents"]
                if (named and not set(named) & {OWN, self.holder()}) or (
                    not named and any(tokens[g].lemma.lower() in agents for g in subjects)
                ):
                    found.add("that other")
            elif token.dep == "xcomp" and token.tag == "VBG":
                found.add("doing")
            elif token.dep in {"dobj", "nsubjpass"}:
                found.add("obj")
            elif token.dep == "prep":
                found.add(token.lower)
            elif token.dep in {"attr", "acomp", "oprd"}:
                found.add(token.dep)
            elif token.dep == "dative" and token.lower == "for":
                found.add("for")
        return found

    @cached_property
    def wording_kinds(self) -> list[str]:
        """Kinds that formulas in the clause settle, that of the longest first."""
        stated = not self.lexicon.verbs.keys().isdisjoint(self.forms)
        return kinds_of_wording(self.parse, self.head, self.tokens_below, self.lexicon, stated)

    @property
    def wording_kind(self) -> str | None:
        """Kind that a formula in the clause settles; the longest formula decides."""
        return self.wording_kinds[0] if self.wording_kinds else None

    @property
    def infinitive(self) -> bool:
        return any(self.parse.tokens[j].tag == "TO" for j in self.parse.children[self.head])

    @cached_property
    def addressees(self) -> list[str]:
        """Sides whom the speaker addresses."""
        statement = self.cued or self.statement
        if statement is None:
            return []
        return [s for a in statement.addressees if (s := self.sides.side(a)) is not None]

    @cached_property
    def subject_owners(self) -> list[str]:
        """Sides to whom the subject belongs: "U.S. sanctions", "the decision by Canada"."""
        return list(dict.fromkeys(s for i in self.subjects for s in self.sides.owners(i)))

    @cached_property
    def passive_without_agent(self) -> bool:
        return self.predicate.passive and not self.predicate.subjects

    @cached_property
    def arguments(self) -> tuple[int, ...]:
        """Heads of objects, addressees and prepositional objects of the verb and of the verb that it governs."""
        found = [*self.predicate.datives, *self.predicate.objects]
        for heads in self.predicate.prepositions.values():
            found += heads
        return tuple(dict.fromkeys(found))

    @cached_property
    def adjectival(self) -> bool:
        """Whether the head is a participle that works as an adjective of stance: "is determined to", "EU ready to"."""
        token = self.parse.tokens[self.head]
        if token.pos == "ADJ":
            return True
        return token.tag == "VBN" and token.lower in self.lexicon.adjectives and self.predicate.passive

    @cached_property
    def predicative(self) -> list[int]:
        """Adjectives, nouns, prepositions that a verb such as "be" says of its subject."""
        tokens = self.parse.tokens
        found = [
            j
            for j in self.parse.children[self.head]
            if tokens[j].dep in {"acomp", "attr", "oprd", "prep", "xcomp", "advmod"} and tokens[j].tag != "TO"
        ]
        return found + [g for j in found for g in self.parse.children[j] if tokens[g].dep == "conj"]

    def below(self, i: int, preposition: str) -> list[Token]:
        """Objects of a preposition that hangs on token `i`."""
        tokens = self.parse.tokens
        return [
            tokens[g] for j in self.parse.children[i] if tokens[j].lower == preposition for g in self.parse.children[j]
        ]

    @property
    def subject_acts(self) -> bool:
        """Whether the subject names an act, such as a sanction or an attack, that its owner may end."""
        acts = self.lexicon.words["answer_nouns"] | self.lexicon.words["acts"]
        return any(self.parse.tokens[i].lemma.lower() in acts for i in self.subjects)

    @property
    def expletive_there(self) -> bool:
        return any(self.parse.tokens[j].dep == "expl" for j in self.parse.children[self.head])

    @property
    def negative_subject(self) -> bool:
        return any(
            self.parse.tokens[j].lower in {"no", "neither", "nobody"} and self.parse.tokens[j].dep in {"det", "nsubj"}
            for i in self.subjects
            for j in (i, *self.parse.children[i])
        )

    @property
    def negative_object(self) -> bool:
        """ "will take in no refugees"."""
        tokens, children = self.parse.tokens, self.parse.children
        objects = [j for j in children[self.head] if tokens[j].dep == "dobj"]
        return any(tokens[g].dep == "det" and tokens[g].lower == "no" for j in objects for g in children[j])

    @property
    def negative_anywhere(self) -> bool:
        return not self.words.isdisjoint({"no", "not", "never", "n't", "none", "nothing", "neither"})
