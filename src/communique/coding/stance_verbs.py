"""Rules that know a position by a verb or noun of stance: "opposes", "expressed its concern", "warned"."""

from communique.coding.sides import OWN
from communique.coding.stance_clauses import Clause
from communique.coding.stances import COPULAS, NEGATED, Stance, put

_OPEN_MODALS = frozenset({"can", "could", "may", "might", "must", "should", "ought"})


def by_verb(clause: Clause) -> Stance | None:
    """Verbs whose subject holds the stance: "China opposes", "urged", "vowed"."""
    lexicon = clause.lexicon
    impersonal = not clause.own and clause.others == [] and clause.subjects and clause.cued is None
    if clause.auxiliaries & _OPEN_MODALS and not clause.own and clause.cued is None and clause.speaker is not None:
        return None
    for form in clause.forms:
        for kind in lexicon.verbs.get(form, ()):
            needed = lexicon.complements.get((kind, form))
            if needed is not None and not needed & clause.complements:
                continue
            if clause.passive_without_agent or (impersonal and kind != "condition"):
                continue
            told = clause.speaker is not None and clause.others and not clause.own
            if told and kind in {"refusal", "commitment"} and form in lexicon.words["harms"]:
                continue  # "she said the frigate had blocked their way": what others did is an accusation
            if not _has_its_object(clause, form, kind):
                continue
            kind = _by_object(clause, form, kind)
            holder = clause.holder() or (clause.speaker if kind == "condition" else None)
            return put(clause, _polarity(clause, kind), holder, about=clause.arguments)
    return None


def about_words(clause: Clause) -> bool:
    """Whether a verb is only about saying: "declined to say when" refuses nothing, "would like to stress that" says
    that."""
    words, tokens = clause.lexicon.words, clause.parse.tokens
    inner = {tokens[j].lemma.lower() for j in clause.parse.children[clause.head] if tokens[j].dep == "xcomp"}
    if clause.lemma in {"like", "want", "wish"}:
        return not inner.isdisjoint(words["telling"] | words["affirming"])
    return clause.lemma in {"decline", "refuse"} and not inner.isdisjoint(words["telling"])


def _has_its_object(clause: Clause, form: str, kind: str) -> bool:
    """Whether verbs that are stances with some objects only have one: "summoned the envoy", "threatened Chad", not
    "the dam threatens the harvest"."""
    words, tokens = clause.lexicon.words, clause.parse.tokens
    objects = {tokens[i].lemma.lower() for i in clause.predicate.objects}
    if kind == "opposition" and form in {"summon", "call in"}:
        return not objects.isdisjoint(words["envoys"]) and not clause.words.isdisjoint(
            {"over", "about", "protest", "note"}
        )
    if kind == "red_line" and form == "threaten" and clause.complements <= {"any", "obj"} and objects:
        return not objects.isdisjoint(words["answer_nouns"]) or any(
            clause.sides.of(i) for i in clause.predicate.objects
        )
    return True


def _by_object(clause: Clause, form: str, kind: str) -> str:
    """Reject, dismiss, deny: a charge (denial), an offer (refusal) or an act (opposition)."""
    words = clause.lexicon.words
    if form.startswith("warn"):
        named = {clause.parse.tokens[i].lemma.lower() for i in clause.arguments}
        if (
            kind == "demand"
            and "obj to" not in clause.complements
            and not any(clause.sides.named(i) for i in clause.predicate.objects)
        ):
            return "concern"  # "warned against a bad peace"
        return "red_line" if kind == "concern" and named & words["answer_nouns"] else kind
    own = {OWN, clause.holder()}
    deeds = [i for i in clause.predicate.objects if clause.parse.tokens[i].lemma.lower() in words["acts"]]
    if form == "defend" and any(s in own for i in deeds for s in clause.sides.owners(i)):
        return "claim"  # "defended its raid"
    insisted = clause.below(clause.head, "on") if form == "insist on" else []
    if any(s in own for t in insisted for s in clause.sides.owners(t.i, of=False)):
        return "principle"  # "insists on its rights"
    if kind == "commitment" and form.split()[0] in words["keeping"] and not clause.auxiliaries & words["own_modal"]:
        return "claim"  # "has kept its word"
    form = form.removesuffix(" as")
    if form not in words["charge_verbs"]:
        return kind
    lemmas = {clause.parse.tokens[i].lemma.lower() for i in clause.predicate.objects}
    held_as = "as" in clause.complements or any(clause.below(i, "as") for i in clause.predicate.objects)
    if held_as and lemmas.isdisjoint(words["offers"]):  # "rejected the remarks as interference"
        judged = {clause.lexicon.judgements.get(word) for word in clause.words}
        untrue = "denial" in judged or not lemmas.isdisjoint(words["reports"] | {"claim"})
        return "opposition" if "opposition" in judged and not untrue else "denial"
    lemmas |= {p.lemma.lower() for i in clause.predicate.objects for p in clause.below(i, "of")}
    if lemmas & words["charges"] or "that" in clause.complements or form == "deny":
        return "denial"
    if lemmas & words["offers"]:
        return "refusal"
    return "opposition" if form in {"reject", "dismiss", "repudiate"} else kind


def _polarity(clause: Clause, kind: str) -> str:
    future = bool(clause.auxiliaries & clause.lexicon.words["own_modal"])
    if clause.negated:
        if kind == "refusal":
            return "willingness"  # "did not rule out talks"
        if kind == "support" and not future:
            return "opposition"
        if kind in {"denial", "red_line", "concern", "accusation", "commitment", "demand", "condition"} and not future:
            return "denial"
        return NEGATED.get(kind, "refusal") if not future and kind != "principle" else "refusal"
    if future and kind in {"support", "principle", "welcome", "demand"} and clause.condition is None:
        return "commitment"
    return kind


def by_noun(clause: Clause) -> Stance | None:
    """Nouns of stance under a verb that only carries them: "expressed its concern", "reiterated support"."""
    lexicon, tokens = clause.lexicon, clause.parse.tokens
    if clause.lemma not in lexicon.words["light"] and clause.lemma not in COPULAS:
        return None
    below_with = [
        g for j in clause.parse.children[clause.head] if tokens[j].lower == "with" for g in clause.parse.children[j]
    ]
    for i in (*clause.predicate.objects, *below_with):
        kind = lexicon.nouns.get(tokens[i].lemma.lower())
        if kind is None or (clause.lemma in COPULAS and not clause.subject_sides):
            continue
        if kind == "principle" and clause.lemma not in lexicon.words["affirming"]:
            continue
        names = [j for j in clause.parse.children[i] if tokens[j].dep == "poss" and tokens[j].pos != "PRON"]
        if clause.passive_without_agent or {*clause.sides.below(names)} - {clause.holder()}:
            continue  # "greeted the EU's decision"
        bare = {tokens[j].lower for j in clause.parse.children[i]}
        if "no" in bare or clause.negated:
            kind = "willingness" if kind == "opposition" else "denial"
        if "non" in bare:
            kind = "refusal"  # "its non-recognition of the vote"
        if kind == "commitment" and clause.lemma in lexicon.words["keeping"]:
            kind = "claim"  # "has met its obligations"
        return put(clause, kind, clause.holder(), about=(i, *clause.arguments))
    return None


def by_warning(clause: Clause) -> Stance | None:
    """Asked last: a warning whose content puts no position of its own ("warned Chad that visas could be suspended")."""
    if clause.lemma not in {"warn", "caution"} or clause.passive_without_agent:
        return None
    if not any(clause.parse.tokens[j].dep == "ccomp" for j in clause.parse.children[clause.head]):
        return None
    return put(
        clause, "red_line" if clause.addressees else "concern", clause.holder(), clause.addressees, confidence=0.5
    )
