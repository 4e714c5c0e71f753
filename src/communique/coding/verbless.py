"""Sentences whose verb the parser took for a noun or a modifier ("Kuwait sides with …", "Bucharest voiced alarm at …",
"Iran ready for talks"): the verb is given its place, by the words of the lexicon of positions."""

from collections.abc import Callable
from dataclasses import replace

from communique.coding.stance_lexicon import StanceLexicon
from communique.parsing.parse import Parse, Token
from communique.records import Span

_VERBS = frozenset({"VERB", "AUX"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_NAMES = frozenset({"PROPN", "NOUN", "ADJ"})
Tokens = list[Token]


def with_verbs(parse: Parse, lexicon: StanceLexicon) -> Parse:
    """The parse with such sentences mended; the same parse where there are none."""
    tokens = list(parse.tokens)
    mended = False
    for first, end in parse.sentences:
        root = next((i for i in range(first, end) if tokens[i].head == i), None)
        if root is None or tokens[root].pos in _VERBS:
            continue
        mended |= any(rule(tokens, (first, end), root, lexicon) for rule in _RULES)
    return replace(parse, tokens=tuple(tokens), _starts=[]) if mended else parse


def _noun(tokens: Tokens, sentence: Span, root: int, lexicon: StanceLexicon) -> bool:
    """ "Kuwait sides with Chad", "Cuba thanks Mexico": the noun after the first name is a verb."""
    for verb in range(max(root, sentence[0] + 1), min(root + 2, sentence[1] - 1)):
        token, before = tokens[verb], tokens[verb - 1]
        if token.pos != "NOUN" or before.pos != "PROPN" or token.lemma.lower() not in lexicon.verbs_alone:
            continue
        if not _follows(tokens, verb) or any(tokens[i].pos in _VERBS for i in range(sentence[0], verb)):
            continue
        _lead(tokens, sentence, root, verb, verb - 1, "VBZ")
        for i in range(verb + 1, sentence[1]):
            if tokens[i].head == verb and tokens[i].dep == "appos":
                tokens[i] = replace(tokens[i], dep="dobj")
        return True
    return False


def _follows(tokens: Tokens, verb: int) -> bool:
    """Whether what follows a noun is what follows a verb: a name, an adverb, a preposition that goes with it."""
    after = tokens[verb + 1]
    return after.pos in {"PROPN", "DET", "PRON"} or after.tag == "JJR" or after.lower in {"with", "behind", "for"}


def _modifier(tokens: Tokens, sentence: Span, root: int, lexicon: StanceLexicon) -> bool:
    """ "Bucharest voiced alarm at the wreckage": the participle before the noun of stance is the verb."""
    verb = root - 1
    if verb <= sentence[0] or tokens[verb].dep != "amod" or tokens[verb].tag not in {"VBD", "VBN"}:
        return False
    known = tokens[verb].lemma.lower() in lexicon.words["light"] and tokens[root].lemma.lower() in lexicon.nouns
    if not known or tokens[verb - 1].pos not in _NAMES or _finite(tokens, sentence, verb):
        return False
    _lead(tokens, sentence, root, verb, verb - 1, "VBD")
    tokens[root] = replace(tokens[root], dep="dobj")
    for i in range(root + 1, sentence[1]):
        if tokens[i].head == verb and tokens[i].dep != "punct":
            tokens[i] = replace(tokens[i], head=root)
    return True


def _participle(tokens: Tokens, sentence: Span, root: int, lexicon: StanceLexicon) -> bool:
    """ "The rights chief called on Chad to act": the participle after the name is the verb."""
    if tokens[sentence[1] - 1].text not in {".", '"', "”"}:
        return False
    for verb in range(root + 1, sentence[1]):
        token = tokens[verb]
        if token.head != root or token.dep != "acl" or token.tag != "VBN":
            continue
        below = {t.dep: t.lower for t in tokens[verb + 1 : sentence[1]] if t.head == verb}
        forms = {token.lemma.lower(), f"{token.lemma.lower()} {below.get('prep', '')}"}
        if "dobj" in below or ("prep" in below and not forms.isdisjoint(lexicon.verbs) and below["prep"] != "by"):
            if _finite(tokens, sentence, verb):
                return False
            _lead(tokens, sentence, root, verb, root, "VBD")
            return True
    return False


def _adjective(tokens: Tokens, sentence: Span, root: int, lexicon: StanceLexicon) -> bool:
    """ "Iran ready for talks": a headline without "is"."""
    after = root + 1
    if after >= sentence[1] or tokens[root].pos != "PROPN" or tokens[after].pos != "ADJ":
        return False
    if tokens[after].head != root or tokens[after].lemma.lower() not in lexicon.adjectives:
        return False
    _lead(tokens, sentence, root, after, root, tokens[after].tag)
    return True


def _plan(tokens: Tokens, sentence: Span, root: int, lexicon: StanceLexicon) -> bool:
    """ "Brazil to host climate talks": a headline's infinitive."""
    verb = root + 2
    if verb >= sentence[1] - 1 or tokens[root].pos != "PROPN" or tokens[root + 1].tag != "TO":
        return False
    if tokens[verb].tag != "NN" or tokens[verb].dep != "compound" or tokens[sentence[1] - 1].text == ".":
        return False
    told = next((i for i in range(verb + 1, sentence[1]) if tokens[i].head == root + 1), None)
    _lead(tokens, sentence, root, verb, root, "VB")
    tokens[root + 1] = replace(tokens[root + 1], dep="aux", head=verb)
    if told is not None:
        tokens[told] = replace(tokens[told], dep="dobj", head=verb)
    return True


def _finite(tokens: Tokens, sentence: Span, verb: int) -> bool:
    """Whether a sentence has another finite verb in its main clause than the one that is to become it."""
    return any(
        tokens[i].tag in _FINITE
        and tokens[i].dep not in {"conj", "parataxis", "relcl", "ccomp", "advcl", "aux", "auxpass"}
        for i in range(*sentence)
        if i != verb
    )


def _lead(tokens: Tokens, sentence: Span, root: int, verb: int, subject: int, tag: str) -> None:
    """Make `verb` the root, `subject` its subject; what hung on the old root beside and after it hangs on the verb."""
    for i in range(*sentence):
        token = tokens[i]
        if token.head == root and i not in {verb, subject} and (token.dep == "punct" or i > max(verb, root)):
            tokens[i] = replace(token, head=verb)
        elif token.head in {root, verb} and i < subject and root in {verb, verb + 1}:
            listed = token.pos == "PROPN" and token.dep == "nmod"  # "Tokyo, Seoul vow closer ties"
            tokens[i] = replace(token, head=subject, dep="conj" if listed else token.dep)
    pos = tokens[verb].pos if tag.startswith("JJ") else "VERB"
    tokens[verb] = replace(tokens[verb], pos=pos, tag=tag, dep="ROOT", head=verb)
    if root != subject:
        tokens[root] = replace(tokens[root], head=verb)
    tokens[subject] = replace(tokens[subject], dep="nsubj", head=verb)


def _backing(tokens: Tokens, sentence: Span, root: int, lexicon: StanceLexicon) -> bool:
    """ "Uruguay and Paraguay back the deal": "back" is the verb."""
    verb = next((i for i in range(sentence[0] + 1, root) if tokens[i].lower == "back" and tokens[i].pos == "ADV"), None)
    if (
        verb is None
        or not (tokens[verb].head < verb or tokens[verb].head == root)
        or tokens[verb - 1].pos != "PROPN"
        or _finite(tokens, sentence, verb)
    ):
        return False
    subject = next(i for i in range(sentence[0], verb) if tokens[i].head == root)
    _lead(tokens, sentence, root, verb, subject, "VBP")
    tokens[verb] = replace(tokens[verb], lemma="back")
    tokens[root] = replace(tokens[root], dep="dobj")
    return True


_RULES: tuple[Callable[[Tokens, Span, int, StanceLexicon], bool], ...] = (
    _noun,
    _modifier,
    _participle,
    _adjective,
    _plan,
    _backing,
)
