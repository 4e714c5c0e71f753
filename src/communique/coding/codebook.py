"""Codebooks: what classes of event there are and which words report them. Built in: PLOVER with CAMEO beneath it.

A codebook is a YAML file that may name tables beside it; docs/events.md describes both. `load_codebook` checks all that
it reads, so that a coder never meets a class, set or code that does not exist.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from communique.coding.patterns import Entry, PatternError, read_entry
from communique.data import data_path, parse_yaml
from communique.errors import DataError

QUADS = ("VERBAL COOPERATION", "MATERIAL COOPERATION", "VERBAL CONFLICT", "MATERIAL CONFLICT")
INTENT = "INTENT"  # class of a lexicon row whose verb announces: AGREE or THREATEN, by what is announced
KINDS = ("v", "n", "a", "h", "w")
LEXICON_COLUMNS = ("kind", "words", "needs", "class", "mode", "cameo", "contexts", "target", "strength")


@dataclass(frozen=True, slots=True)
class EventClass:
    """group: an older class that this one is a part of, for measuring against data coded that way; cameo: its general
    code, for events of which no more is known."""

    name: str
    quad: str
    definition: str
    examples: tuple[str, ...] = ()
    recipient_required: bool = False
    mutual: bool = False
    group: str | None = None
    cameo: str | None = None


@dataclass(frozen=True, slots=True)
class CameoCode:
    code: str
    parent: str
    name: str
    plover: str | None
    mode: str | None
    contexts: tuple[str, ...]
    goldstein: float | None


@dataclass(frozen=True)
class Codebook:
    """classes by name; modes: (class, mode or "") -> intensity; contexts: name -> words; entries by kind and lemma."""

    name: str
    version: str
    classes: dict[str, EventClass]
    modes: dict[tuple[str, str], float | None]
    contexts: dict[str, tuple[str, ...]]
    cameo: dict[str, CameoCode]
    intents: dict[str, dict[str, str]]
    entries: dict[tuple[str, str], tuple[Entry, ...]]
    sets: dict[str, frozenset[str]]
    learned: bool = False

    def goldstein(self, code: str | None) -> float | None:
        """Goldstein weight of a CAMEO code, or that of its nearest parent that has one."""
        while code:
            found = self.cameo.get(code)
            if found is not None and found.goldstein is not None:
                return found.goldstein
            code = code[:-1]
        return None

    def intensity(self, name: str, mode: str | None = None) -> float | None:
        """PLOVER intensity of a class and mode; the class's own where the mode has none."""
        found = self.modes.get((name, mode or ""))
        return self.modes.get((name, "")) if found is None else found

    def intent_code(self, deed: str | None, act: str) -> str | None:
        """CAMEO code of promising, asking for, demanding, refusing or threatening the deed with code `deed`.

        Args:
            deed: CAMEO code of the deed itself.
            act: "agree", "appeal", "demand", "reject" or "threaten".
        """
        while deed:
            if deed in self.intents:
                return self.intents[deed][act]
            deed = deed[:-1]
        return None


@cache
def load_codebook(path: Path | None = None) -> Codebook:
    """Read and check a codebook; without a path the built-in PLOVER.

    Raises:
        DataError: the file or a table it names does not hold together; the message names file, line and remedy.
    """
    problems: list[str] = []
    book = _read(path or data_path("codebooks", "plover.yaml"), problems)
    if problems or book is None:
        raise DataError("\n".join(problems))
    return book


def check_codebook(path: Path) -> list[str]:
    """Everything that is wrong with a codebook file, one line each; empty where nothing is."""
    problems: list[str] = []
    _read(path, problems)
    return problems


def _read(path: Path, problems: list[str]) -> Codebook | None:
    try:
        raw = parse_yaml(path.read_text(encoding="utf8"))
    except OSError as error:
        problems.append(f"{path}: cannot be read ({error.strerror}); give the path of a YAML file")
        return None
    except yaml.YAMLError as error:
        problems.append(f"{path}: not YAML: {' '.join(str(error).split())}")
        return None
    if not isinstance(raw, dict) or not isinstance(raw.get("name"), str) or not isinstance(raw.get("classes"), list):
        problems.append(f"{path.name}: must be a mapping with at least 'name' (text) and 'classes' (a list)")
        return None
    known = {"name", "version", "classes", "modes", "contexts", "cameo", "intents", "lexicon"}
    problems += [
        f"{path.name}: unknown field {key!r}; use {', '.join(sorted(known))}" for key in sorted(raw.keys() - known)
    ]
    classes = _classes(path.name, raw["classes"], problems)
    modes = {
        (row["event"], row["mode"]): _number(where, "intensity", row["intensity"], problems)
        for where, row in _table(path, raw, "modes", ("event", "mode", "intensity"), problems)
        if _one_of(where, "event", row["event"], classes, problems)
    }
    contexts = {
        row["context"]: tuple(row["words"].split("|"))
        for _, row in _table(path, raw, "contexts", ("context", "words"), problems)
    }
    own_cameo = "cameo" in raw
    cameo = _cameo(path, raw, classes, problems)
    intents = {
        row["deed"]: row
        for _, row in _table(
            path, raw, "intents", ("deed", "agree", "appeal", "demand", "reject", "threaten"), problems
        )
    }
    entries, sets = _lexicon(path, raw, classes, modes, contexts, cameo if own_cameo else {}, problems)
    if not entries:
        problems.append(f"{path.name}: has no lexicon, so that nothing would be coded; add 'lexicon' (file or rows)")
    return Codebook(
        name=raw["name"],
        version=str(raw.get("version", "")),
        classes=classes,
        modes=modes,
        contexts=contexts,
        cameo=cameo,
        intents=intents,
        entries={key: tuple(found) for key, found in entries.items()},
        sets=sets,
        learned=path == data_path("codebooks", "plover.yaml"),
    )


def _classes(file: str, rows: list[Any], problems: list[str]) -> dict[str, EventClass]:
    found: dict[str, EventClass] = {}
    for number, row in enumerate(rows, 1):
        where = f"{file}: class {number}"
        if not isinstance(row, dict) or not isinstance(row.get("name"), str):
            problems.append(f"{where}: must be a mapping with a 'name'")
            continue
        where = f"{file}: class {row['name']}"
        known = {"name", "quad", "definition", "examples", "recipient", "mutual", "group", "cameo"}
        problems += [
            f"{where}: unknown field {key!r}; use {', '.join(sorted(known))}" for key in sorted(row.keys() - known)
        ]
        if row["name"] in found or row["name"] == INTENT:
            problems.append(f"{where}: the name is taken; every class needs its own")
        _one_of(where, "quad", row.get("quad"), QUADS, problems)
        if row.get("recipient", "optional") not in ("optional", "required"):
            problems.append(f"{where}: 'recipient' must be optional or required, not {row['recipient']!r}")
        if not isinstance(row.get("definition"), str) or not row["definition"].strip():
            problems.append(f"{where}: needs a 'definition': say in a sentence what belongs here")
        examples = row.get("examples", [])
        if not isinstance(examples, list) or not all(isinstance(e, str) for e in examples):
            problems.append(f"{where}: 'examples' must be a list of sentences")
            examples = []
        problems += [f"{where}: example without [S: …]: {e!r}; mark the source" for e in examples if "[S:" not in e]
        found[row["name"]] = EventClass(
            name=row["name"],
            quad=str(row.get("quad")),
            definition=" ".join(str(row.get("definition", "")).split()),
            examples=tuple(examples),
            recipient_required=row.get("recipient") == "required",
            mutual=bool(row.get("mutual", False)),
            group=row.get("group"),
            cameo=str(row["cameo"]) if row.get("cameo") else None,
        )
    return found


def _cameo(
    path: Path, raw: dict[str, Any], classes: dict[str, EventClass], problems: list[str]
) -> dict[str, CameoCode]:
    columns = ("code", "parent", "name", "plover", "mode", "contexts", "goldstein")
    found: dict[str, CameoCode] = {}
    for where, row in _table(path, raw, "cameo", columns, problems):
        if row["plover"]:
            _one_of(where, "plover", row["plover"], classes, problems)
        found[row["code"]] = CameoCode(
            row["code"],
            row["parent"],
            row["name"],
            row["plover"] or None,
            row["mode"] or None,
            tuple(row["contexts"].split(";")) if row["contexts"] else (),
            _number(where, "goldstein", row["goldstein"], problems),
        )
    return found


def _lexicon(
    path: Path,
    raw: dict[str, Any],
    classes: dict[str, EventClass],
    modes: dict[tuple[str, str], float | None],
    contexts: dict[str, tuple[str, ...]],
    cameo: dict[str, CameoCode],
    problems: list[str],
) -> tuple[dict[tuple[str, str], list[Entry]], dict[str, frozenset[str]]]:
    rows = list(_table(path, raw, "lexicon", LEXICON_COLUMNS, problems))
    sets: dict[str, frozenset[str]] = {}
    for where, row in rows:
        if row["kind"] == "set":
            sets[row["words"]] = frozenset(row["needs"].split("|"))
            if not row["needs"]:
                problems.append(f"{where}: set {row['words']!r} is empty; list its words in 'needs', separated by |")
    entries: dict[tuple[str, str], list[Entry]] = {}
    for where, row in rows:
        if row["kind"] == "set":
            continue
        good = _one_of(where, "kind", row["kind"], (*KINDS, "set"), problems)
        good &= _one_of(where, "class", row["class"], (*classes, INTENT), problems)
        if row["mode"] and (row["class"], row["mode"]) not in modes:
            problems.append(f"{where}: mode {row['mode']!r} is not one of {row['class']}'s in the table of modes")
        if row["cameo"] and cameo and row["cameo"] not in cameo:
            problems.append(f"{where}: CAMEO code {row['cameo']!r} does not exist")
        problems += [
            f"{where}: context {c!r} is not in the table of contexts"
            for c in filter(None, row["contexts"].split(";"))
            if c not in contexts
        ]
        if not good:
            continue
        try:
            entry = read_entry(row, sets)
        except PatternError as error:
            problems.append(f"{where}: {error}")
            continue
        for word in entry.words:
            entries.setdefault((entry.kind, word), []).append(entry)
    return entries, sets


def _table(
    path: Path, raw: dict[str, Any], field: str, columns: tuple[str, ...], problems: list[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows of a table that the codebook names or holds, with where each stands; missing cells are empty."""
    value = raw.get(field)
    if value is None:
        return
    if isinstance(value, list):
        for number, row in enumerate(value, 1):
            where = f"{path.name}: {field} row {number}"
            if not isinstance(row, dict) or row.keys() - set(columns):
                problems.append(f"{where}: must be a mapping with only {', '.join(columns)}")
                continue
            yield where, {column: str(row.get(column) or "") for column in columns}
        return
    file = path.parent / str(value)
    try:
        lines = file.read_text(encoding="utf8").splitlines()
    except OSError as error:
        problems.append(f"{path.name}: {field}: {file} cannot be read ({error.strerror})")
        return
    header: list[str] | None = None
    for number, cells in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
        if not cells or cells[0].startswith("#"):
            continue
        if header is None:
            header = cells
            if set(columns) - set(header):
                missing = ", ".join(c for c in columns if c not in cells)
                problems.append(f"{file.name}: line {number}: the header lacks {missing}")
                return
            continue
        if len(cells) > len(header):
            problems.append(f"{file.name}: line {number}: has {len(cells)} cells for {len(header)} columns")
            continue
        yield f"{file.name}: line {number}", dict(zip(header, cells + [""] * len(header), strict=False))


def _one_of(where: str, field: str, value: object, allowed: Any, problems: list[str]) -> bool:
    if value in allowed:
        return True
    problems.append(f"{where}: {field} {value!r} is not one of {', '.join(allowed)}")
    return False


def _number(where: str, field: str, value: str, problems: list[str]) -> float | None:
    if not value:
        return None
    try:
        return float(value)
    except ValueError:
        problems.append(f"{where}: {field} {value!r} is no number")
        return None
