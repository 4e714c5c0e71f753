"""PETRARCH's actor and agent dictionaries (Open Event Data Alliance; the format is TABARI's) as an overlay.

Actors: a name in capitals with _ for spaces, codes in brackets behind it or on indented lines below it, each with the
days for which it holds ([USAGOV 010120-090120], [FRAELI <950517], [FRAGOV >950517]); lines with + are further names.
Agents: NOUN {PLURAL} [~CODE], and substitution sets !NAME! = A, B that stand for parts of nouns.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from communique.actors.importing import Import, our_id, same_person, slug
from communique.actors.registry import Registry, load_registry
from communique.errors import InputError

_CODE = re.compile(r"\[\s*([^\]\s]*)\s*([^\]]*)\]")
_SET = re.compile(r"^(!\w+!)\s*=\s*(.+)$")
# Sectors whose actors are organisations rather than groups of people.
_ORGANISED = {"IGO", "NGO", "MNC", "GOV", "LEG", "JUD", "COP", "MIL", "SPY", "BUS", "JRN", "EDU", "MED"}
_PARTICLES = {
    "al",
    "bin",
    "bint",
    "ibn",
    "da",
    "de",
    "del",
    "della",
    "der",
    "di",
    "dos",
    "la",
    "le",
    "van",
    "von",
    "zu",
}


@dataclass
class _Block:
    line: int
    names: list[str]
    codes: list[tuple[str, str]] = field(default_factory=list)
    plural: str = ""


def read_petrarch(path: Path, registry: Registry | None = None) -> Import:
    """Read an actor or agent dictionary.

    An actor whose code changes with time, or holds for some days only, is taken as a person, any other as an
    organisation or, where its role is that of rebels, parties or people, as a group. Entries with a country's code and
    no role are names of the state or of places in it and are set aside.

    Raises:
        InputError: the file cannot be read, or holds no entry of this form.
    """
    registry = registry or load_registry()
    found = Import(f"PETRARCH dictionary {path.name}")
    try:
        lines = path.read_text(encoding="utf8", errors="replace").splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    sets: dict[str, list[str]] = {}
    blocks = _blocks(lines, sets)
    if not any(block.codes for block in blocks):
        raise InputError(f"{path}: no entry such as NAME_ [CODE]; is it a PETRARCH actor or agent dictionary?")
    for block in blocks:
        try:
            if not block.codes:
                raise ValueError(f"{block.names[0]} has no code")
            if block.codes[0][0].startswith("~"):
                _take_agent(found, block, sets, registry)
            else:
                _take_actor(found, block, registry)
        except ValueError as error:
            found.aside.append((f"{path}:{block.line}", str(error)))
    return found


def _blocks(lines: list[str], sets: dict[str, list[str]]) -> list[_Block]:
    """Entries with their further names and codes; comments (from # on, or from ; behind a blank) are dropped."""
    blocks: list[_Block] = []
    for number, raw in enumerate(lines, 1):
        line = re.split(r"#|<!--|(?:^|\s);", raw, maxsplit=1)[0].rstrip()
        defined = _SET.match(line)
        if defined:
            sets[defined[1]] = [part.strip() for part in defined[2].split(",")]
            continue
        head, codes = _CODE.sub("", line).strip(), _CODE.findall(line)
        if head.startswith("+") and blocks:
            blocks[-1].names.append(head[1:].strip())
        elif head and not line[0].isspace():
            plural = re.search(r"\{([^}]*)\}", head)
            blocks.append(_Block(number, [re.sub(r"\{[^}]*\}", "", head).strip()], [], plural[1] if plural else "*"))
        if blocks:
            blocks[-1].codes.extend((code, when.strip()) for code, when in codes)
    return blocks


def _take_actor(found: Import, block: _Block, registry: Registry) -> None:
    spans: dict[str, list[tuple[str, str, str]]] = {}
    codes: dict[str, str] = {}
    for code, when in block.codes:
        if not code.strip("-"):
            continue
        country, sector = _split(code, registry)
        start, end = _days(when)
        spans.setdefault(country, []).append((sector, start, end))
        codes[country] = code.upper()
    names = [name for raw in block.names for name in _written(raw)]
    if not spans:
        raise ValueError(f"{block.names[0]} has only the null code")
    for country, periods in spans.items():
        if not any(sector for sector, _, _ in periods):
            raise ValueError(
                f"{names[0]} is a name of {country} or a place in it; states.tsv and regions.tsv hold those"
            )
        first, last = min(p[1] for p in periods), "" if any(not p[2] for p in periods) else max(p[2] for p in periods)
        suffix = f"-{country.lower()}" if len(spans) > 1 else ""
        # Where somebody served several countries, each name is theirs only on the days of that service.
        used = [f"{name}@{first}..{last}" for name in names] if len(spans) > 1 and first + last else names
        is_dated = any(start or end for _, start, end in periods)
        sectors = "|".join(f"{s}@{a}..{b}" for s, a, b in _in_turn(periods)) if is_dated else periods[0][0]
        row = {"name": used[0], "country": country, "sector": sectors, "from": "", "to": ""}
        if is_dated:
            known = (id for name in names if (id := same_person(name.rstrip("^"), country, registry)))
            id = next(known, f"person/{slug(names[0])}{suffix}")
            found.add("persons", row | {"id": id, "other_names": "|".join(used[1:])})
            continue
        id = our_id([name.rstrip("^") for name in names], registry)
        group = id.startswith("group/") or (not id and periods[0][0] not in _ORGANISED)
        area = "group" if group else periods[0][0] if periods[0][0] in ("IGO", "NGO") else country or "company"
        row |= {"id": id or f"{area}/{slug(names[0])}", "kind": "" if id else "group" if group else "organisation"}
        row |= {"names": "|".join(used[1:]), "cameo": codes[country]}
        if id:
            row |= {"name": registry.entries[id].name, "names": "|".join(used)}
        found.add("groups" if group else "organisations", row)


def _take_agent(found: Import, block: _Block, sets: dict[str, list[str]], registry: Registry) -> None:
    _, sector = _split(block.codes[0][0].lstrip("~"), registry)
    if not sector:
        raise ValueError(f"code {block.codes[0][0]} of {block.names[0]} has no PLOVER sector")
    known = {role.name for role in registry.roles} | {role.plural for role in registry.roles}
    known.update(noun for body in registry.bodies.values() for noun in body.nouns)
    for raw in block.names:
        for filled in _filled(raw, sets):
            noun = filled.replace("_", " ").strip().lower()
            plural = {"*": _plural(noun), "": ""}.get(block.plural, block.plural.replace("_", " ").strip().lower())
            if noun and noun not in known:
                found.add("roles", {"name": noun, "plural": plural, "sector": sector, "body": "", "kind": "person"})


def _filled(raw: str, sets: dict[str, list[str]]) -> list[str]:
    marker = re.search(r"!\w+!", raw)
    if not marker:
        return [raw]
    if marker[0] not in sets:
        raise ValueError(f"substitution set {marker[0]} is not defined in the file")
    return [text for part in sets[marker[0]] for text in _filled(raw.replace(marker[0], part, 1), sets)]


def _plural(noun: str) -> str:
    """PETRARCH forms regular plurals itself and lists the others."""
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else noun + "s"


def _split(code: str, registry: Registry) -> tuple[str, str]:
    """A CAMEO actor code's country ("" if it has none) and the PLOVER sector of its first role that has one."""
    parts = [code[i : i + 3].upper() for i in range(0, len(code), 3)]
    country = parts.pop(0) if parts and parts[0] in registry.entries else ""
    sector = next((registry.cameo_roles[part] for part in parts if part in registry.cameo_roles), "")
    if not country and not sector:
        raise ValueError(f"code {code!r} begins with no ISO 3166 country and holds no role that cameo_roles.tsv lists")
    return country, sector


def _days(when: str) -> tuple[str, str]:
    """The days of "010120-090120", ">010120" (from then on) and "<010120" (until the day before)."""
    if not when:
        return "", ""
    if when[0] == ">":
        return _day(when[1:]), ""
    if when[0] == "<":
        return "", (date.fromisoformat(_day(when[1:])) - timedelta(days=1)).isoformat()
    start, dash, end = when.partition("-")
    if not dash:
        raise ValueError(f"date restriction {when!r} is not of the form 010120-090120, >010120 or <010120")
    return _day(start), _day(end)


def _day(text: str) -> str:
    """An ISO date of YYMMDD or YYYYMMDD; YY up to 30 is 20YY, as in TABARI and PETRARCH."""
    digits = text.strip()
    if len(digits) == 6:
        digits = ("20" if int(digits[:2]) <= 30 else "19") + digits
    try:
        return date.fromisoformat(f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}").isoformat()
    except ValueError:
        raise ValueError(f"{text!r} is no date; write YYMMDD or YYYYMMDD") from None


def _in_turn(periods: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Periods in order without overlap: a code with no days holds when no other does, which is before or after them."""
    limited = sorted({p for p in periods if p[1] or p[2]}, key=lambda p: (p[1], p[2] or "9999"))
    turns: list[tuple[str, str, str]] = []
    for sector, start, end in limited:
        if turns and (not turns[-1][2] or turns[-1][2] >= start):
            before, begun, until = turns[-1]
            if before == sector:
                turns[-1] = (sector, begun, "" if not end or not until else max(end, until))
                continue
            turns[-1] = (before, begun, _before(start))
            if begun and begun > turns[-1][2]:
                turns.pop()
        turns.append((sector, start, end))
    always = next((p[0] for p in periods if not p[1] and not p[2]), None)
    return _filled_up(turns, always) if always else turns


def _filled_up(turns: list[tuple[str, str, str]], sector: str) -> list[tuple[str, str, str]]:
    """The turns with `sector` before, between and after them."""
    filled: list[tuple[str, str, str]] = []
    free = ""  # first day that no turn covers yet; "" is the beginning of time
    for turn in turns:
        if turn[1] and (not free or free < turn[1]):
            filled.append((sector, free, _before(turn[1])))
        filled.append(turn)
        if not turn[2]:
            return filled
        free = _after(turn[2])
    return [*filled, (sector, free, "")]


def _before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _written(raw: str) -> list[str]:
    """A name as the news writes it: "HAMID_KARZAI_" -> "Hamid Karzai"; a short single word twice."""
    words = raw.strip("_ ").replace("_", " ").split()
    if not words:
        return []
    name = " ".join(
        word.lower() if n and word.lower() in _PARTICLES else _capital(word) for n, word in enumerate(words)
    )
    # One short word may be an acronym or a name; matched without regard to case it might be any word ("WHO", "US").
    return [words[0].upper() + "^", name + "^"] if len(words) == 1 and len(words[0]) < 6 else [name]


def _capital(word: str) -> str:
    return "-".join("'".join(part.capitalize() for part in piece.split("'")) for piece in word.split("-"))
