"""Text made plain for matching, character by character, so that offsets stay those of the text."""

import unicodedata


class _Fold(dict[int, int]):
    """One character to one character: lower case without accents, typographic marks made plain."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        plain = unicodedata.normalize("NFKD", char)[:1].lower()
        self[code] = ord(plain) if len(plain) == 1 else code
        return self[code]


_SAME = {0x2019: "'", 0x2018: "'", 0x02BC: "'", 0x2010: "-", 0x2011: "-", 0x2013: "-", 0xA0: " ", 0x0A: " ", 0x0D: " "}
_STROKED = {
    "ı": "i",
    "ø": "o",
    "Ø": "o",
    "ł": "l",
    "Ł": "l",
    "đ": "d",
    "Đ": "d",
    "ð": "d",
    "Ð": "d",
    "ħ": "h",
    "Ħ": "h",
}
_FOLD = _Fold({code: ord(char) for code, char in _SAME.items()} | {ord(a): ord(b) for a, b in _STROKED.items()})


def fold(text: str) -> str:
    """`text` in lower case without accents, of the same length."""
    return text.translate(_FOLD)
