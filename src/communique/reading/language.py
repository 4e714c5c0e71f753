"""The language of a text, so that what cannot be coded yet is kept and marked, not coded as noise.

py3langid, a naive Bayes classifier over byte n-grams (Lui and Baldwin 2012, "langid.py"), 4.5 MB with its model.
"""

import re

CODED = frozenset({"en"})
_SAMPLE = 3000
_FEWEST_LETTERS = 60
# Close relatives of English in the model's list that no newspaper this program reads is written in.
_CONFUSED = {"pcm": "en", "sco": "en"}
_WORDS = re.compile(r"[^\W\d_]+")
# Function words that no other language in Latin letters has in such numbers; they fill 0.13 of the letters of English
# news (0.10 in the twentieth of PolNeAR's training texts with the fewest), half of that where half a text is English.
_FUNCTION_WORDS = frozenset({
    "the", "of", "and", "that", "with", "by", "from", "which", "were", "been", "this", "would", "their", "his", "has",
    "have", "its", "they", "said", "not", "but", "who", "for", "are", "was",
})  # fmt: skip
_SURELY_ENGLISH = 0.09


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of the language of most of a text, or None where it is too short to tell.

    A long text is sampled at its start and in its middle, so that an English headline over a text in another language
    does not decide. Text full of English function words is English without asking the classifier, whose model takes
    longer to load than all else that reading a text needs.
    """
    letters = sum(len(word) for word in _WORDS.findall(text[: 4 * _FEWEST_LETTERS]))
    if letters < _FEWEST_LETTERS and text[: 4 * _FEWEST_LETTERS].isascii():
        return None
    middle = len(text) // 2
    sample = text if len(text) <= 2 * _SAMPLE else f"{text[:_SAMPLE]}\n{text[middle : middle + _SAMPLE]}"
    words = _WORDS.findall(sample.lower())
    in_function_words = sum(len(word) for word in words if word in _FUNCTION_WORDS)
    if in_function_words > _SURELY_ENGLISH * sum(map(len, words)):
        return "en"
    import py3langid

    code = str(py3langid.classify(sample)[0])
    return _CONFUSED.get(code, code)
