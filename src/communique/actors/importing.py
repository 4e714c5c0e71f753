"""A user's own actors as an overlay: a CSV table, a Wikidata query result, or a PETRARCH dictionary.

Each reader gives an Import: rows for the registry's files, and the rows it set aside with the reason. `write_overlay`
makes of it a folder that `load_registry` takes.
"""

import csv
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from communique.actors.registry import Registry, load_registry
from communique.actors.tables import COLUMNS, first_day
from communique.errors import InputError

Row = dict[str, str]


@dataclass
class Import:
    """rows: file stem -> rows by column; aside: (line or item, reason) of what could not be taken."""

    source: str
    rows: dict[str, list[Row]] = field(default_factory=dict)
    aside: list[tuple[str, str]] = field(default_factory=list)

    def add(self, stem: str, row: Row) -> None:
        """Add a row; one that says the same as a row before it is left out."""
        known = self.rows.setdefault(stem, [])
        if row not in known:
            known.append(row)

    def __len__(self) -> int:
        return sum(len(rows) for rows in self.rows.values())


def slug(name: str) -> str:
    """The readable part of an id: "Gülen movement" -> "gulen-movement"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "x" + "".join(f"{ord(c):x}" for c in name[:8])


def read_csv(path: Path, registry: Registry | None = None) -> Import:
    """Read a user's table of actors.

    Columns (a header row; only name and kind are needed): name, kind (person, organisation or group), names (separated
    by |), id, country (ISO 3166 alpha-3 or alpha-2, or a state's name), sector (PLOVER), office, from, to, wikidata.
    A person with an office gets a term in it from `from` to `to`.

    Raises:
        InputError: no such file, not a table, or a needed column is missing.
    """
    registry = registry or load_registry()
    found = Import(f"{path.name}, as given by the user")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            sample = file.read(4096)
            file.seek(0)
            tabs = sample.partition("\n")[0].count("\t") > sample.partition("\n")[0].count(",")
            reader = csv.DictReader(file, delimiter="\t" if tabs else ",")
            missing = {"name", "kind"} - set(reader.fieldnames or ())
            if missing:
                raise InputError(
                    f"{path}: column {' and '.join(sorted(missing))} missing; the header row names columns"
                )
            for row in reader:
                cells = {
                    key: (value or "").strip() for key, value in row.items() if key and not isinstance(value, list)
                }
                try:
                    _take_actor(found, cells, registry)
                except ValueError as error:
                    found.aside.append((f"{path}:{reader.line_num}", str(error)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read as a CSV table in UTF-8: {error}") from error
    return found


def _take_actor(found: Import, row: Row, registry: Registry) -> None:
    get = row.get
    name, kind, sector = get("name", ""), get("kind", "").lower(), get("sector", "").upper()
    if not name:
        raise ValueError("no name")
    if kind not in ("person", "organisation", "organization", "group"):
        raise ValueError(f"kind {kind!r} is none of person, organisation, group")
    if sector and sector not in registry.sectors:
        raise ValueError(f"sector {sector!r} is no PLOVER sector; they are {', '.join(registry.sectors)}")
    country = _country(get("country", ""), registry)
    start, end = _iso(get("from", "")), _iso(get("to", ""))
    life = {"from": start, "to": end, "wikidata": get("wikidata", "")}
    base = {"name": name, "names": get("names", ""), "country": country, "sector": sector}
    if kind == "person":
        person = get("id") or same_person(name, country, registry) or f"person/{slug(name)}"
        if get("office"):
            office = _office(found, registry, country, get("office", ""), sector)
            _term(found, person, name, get("names", ""), office, start, end)
            if get("wikidata"):
                found.add("persons", _person(person, name, get("names", ""), wikidata=get("wikidata", "")))
        else:
            found.add("persons", _person(person, name, get("names", ""), country, sector) | life)
        return
    id = get("id") or our_id([name, *get("names", "").split("|")], registry)
    stem = "groups" if kind == "group" or id.startswith("group/") else "organisations"
    area = sector if sector in ("IGO", "NGO") else "company" if sector in ("BUS", "MNC", "JRN") else country or "NGO"
    if id in registry.entries:
        base |= {"name": registry.entries[id].name, "names": "|".join(filter(None, [name, base["names"]]))}
    made = f"group/{slug(name)}" if stem == "groups" else f"{area}/{slug(name)}"
    found.add(stem, {"id": id or made, "kind": "" if id in registry.entries else stem[:-1], **base, **life})


def our_id(names: list[str], registry: Registry) -> str:
    """The id of the one organisation or group of ours that bears one of the names, or ""."""
    bearers = {n.entry for name in names for n in registry.named(name) if n.role == "name"}
    bearers = {id for id in bearers if registry.entries[id].kind in ("organisation", "group")}
    return bearers.pop() if len(bearers) == 1 else ""


def read_wikidata(path: Path, registry: Registry | None = None) -> Import:
    """Read the JSON result of the query in docs/actors.md: one binding for each term of an officeholder.

    Variables: person, personLabel, positionLabel, country (ISO 3166 alpha-3, property P298); personAltLabel, position,
    start, end, startPrecision and endPrecision (9 year, 10 month, 11 day) where there are any. A position whose label
    fits an office of ours becomes a term in it, any other a new office.

    Raises:
        InputError: not a file of SPARQL results in JSON, or a needed variable is missing.
    """
    registry = registry or load_registry()
    found = Import(f"Wikidata (CC0), query result {path.name}")
    try:
        result = json.loads(path.read_text(encoding="utf8"))
        # The query service's download button gives a plain list of objects, its endpoint the W3C's form.
        bindings = result if isinstance(result, list) else result["results"]["bindings"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not a SPARQL query result in JSON (head, results, bindings): {error}") from error
    needed = ("person", "personLabel", "positionLabel", "country")
    for number, binding in enumerate(bindings, 1):
        row = {key: value["value"] if isinstance(value, dict) else str(value) for key, value in binding.items()}
        where = f"{path}, binding {number}"
        lacking = [key for key in needed if not row.get(key)]
        if lacking:
            found.aside.append((where, f"no {', '.join(lacking)}"))
        elif re.fullmatch(r"Q\d+", row["personLabel"]) or re.fullmatch(r"Q\d+", row["positionLabel"]):
            found.aside.append((where, "no English label"))
        elif row["country"] not in registry.entries:
            found.aside.append((where, f"country {row['country']!r} is no state of states.tsv"))
        else:
            _take_binding(found, row, registry)
    return found


def _take_binding(found: Import, row: Row, registry: Registry) -> None:
    name, item = row["personLabel"], row["person"].rsplit("/", 1)[-1]
    person = same_person(name, row["country"], registry) or f"person/{slug(name)}"
    label = _without_state(row["positionLabel"], row["country"], registry)
    office = _office(found, registry, row["country"], label, "", row["positionLabel"])
    start = _precise(row.get("start", ""), row.get("startPrecision", ""))
    end = _precise(row.get("end", ""), row.get("endPrecision", ""))
    # The label service separates aliases by commas, GROUP_CONCAT by whatever the query says.
    aliases = re.split(r"\||, ", row.get("personAltLabel", ""))
    others = "|".join(alias for alias in aliases if _is_name(alias) and alias != name)
    _term(found, person, name, others, office, start, end)
    found.add("persons", _person(person, name, others, wikidata=item))


def _without_state(label: str, country: str, registry: Registry) -> str:
    """A position's label without its state: "President of France", "French President" -> "President"."""
    label = re.sub(r"\s*\([^)]*\)$", "", label)
    for name in registry.names:
        if name.entry == country and name.role in ("name", "adjective"):
            short = re.sub(
                rf"(\s+(of|for)\s+(the\s+)?{re.escape(name.surface)}$)|(^{re.escape(name.surface)}\s+)", "", label
            )
            if short and short != label:
                return short
    return label


def same_person(name: str, country: str, registry: Registry) -> str | None:
    """Our id of a person of that name who held an office of the state."""
    for known in registry.named(name):
        offices = (registry.offices.get(term.office) for term in registry.terms_of(known.entry))
        if any(office and office.holder == country for office in offices):
            return known.entry
    return None


def _is_name(text: str) -> bool:
    """Whether an alias is a full name: bare surnames and initials would match half the world."""
    return len(text.split()) > 1 and len(text) > 5


def _precise(time: str, precision: str) -> str:
    """An ISO time of Wikidata cut to what is known of it: "2019-01-01T00:00:00Z" with precision 9 is "2019"."""
    if not re.match(r"\d{4}-\d\d-\d\d", time):
        return ""
    return time[: {"9": 4, "10": 7}.get(precision, 10)]


def _office(found: Import, registry: Registry, holder: str, title: str, sector: str, also: str = "") -> str:
    """The id of our office of that title or name; a new row in `offices` where there is none."""
    wanted = {title.casefold(), also.casefold()} - {""}
    for office in registry.offices.values():
        if office.holder == holder and wanted & {office.title.casefold(), *(n.casefold() for n in office.names)}:
            return office.id
    role = next((role for role in registry.roles if role.name.casefold() == title.casefold()), None)
    id = f"{holder or 'office'}/{slug(title)}"
    found.add(
        "offices",
        {
            "office_id": id,
            "state_or_org": holder,
            "title": title[:1].upper() + title[1:],
            "sector": sector or (role.sector if role else "GOV"),
            "body": role.body if role else "",
            "names": also if also != title else "",
            "holders": "one" if role and role.kind == "office" else "many",
        },
    )
    return id


def _term(found: Import, person: str, name: str, others: str, office: str, start: str, end: str) -> None:
    today = date.today().isoformat()
    row = {"person_id": person, "name": name, "office_id": office, "start": start, "end": end, "other_names": others}
    found.add("terms", {**row, "source": found.source, "as_of": today})


def _person(id: str, name: str, others: str, country: str = "", sector: str = "", wikidata: str = "") -> Row:
    row = {"id": id, "name": name, "other_names": others, "country": country, "sector": sector, "from": "", "to": ""}
    return {**row, "wikidata": wikidata}


def _country(text: str, registry: Registry) -> str:
    if not text or (text in registry.entries and registry.entries[text].kind == "state"):
        return text
    states = {n.entry for n in registry.named(text) if n.role == "name" and registry.entries[n.entry].kind == "state"}
    if len(states) != 1:
        raise ValueError(f"country {text!r} is {'several states' if states else 'no state'}; write its alpha-3 code")
    return states.pop()


def _iso(text: str) -> str:
    if text:
        try:
            date.fromisoformat(first_day(text))
        except ValueError:
            raise ValueError(f"{text!r} is no date; write YYYY, YYYY-MM or YYYY-MM-DD") from None
    return text


def write_overlay(found: Import, folder: Path) -> list[Path]:
    """Write the rows as registry files into a folder and give their paths.

    Raises:
        InputError: the folder holds such a file already (nothing is overwritten).
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{stem}.tsv" for stem in found.rows]
    for path in paths:
        if path.exists():
            raise InputError(f"{path}: is there already; give another folder or move the file away")
    for path, rows in zip(paths, found.rows.values(), strict=True):
        columns = [column.rstrip("*") for column in COLUMNS[path.stem]]
        lines = [
            f"# source: {found.source}",
            "# licence: that of the source",
            f"# as-of: {date.today().isoformat()}",
            "\t".join(columns),
            *("\t".join(_cell(row.get(column, "")) for column in columns) for row in _one_a_key(path.stem, rows)),
        ]
        path.write_text("\n".join(lines) + "\n", encoding="utf8")
    return paths


def _cell(text: str) -> str:
    return " ".join(text.split())


def _one_a_key(stem: str, rows: Iterable[Row]) -> Iterable[Row]:
    """Rows with lists of names joined where two speak of the same thing, since ids are unique in a file."""
    keys = ("person_id", "office_id", "start") if stem == "terms" else (COLUMNS[stem][0].rstrip("*"),)
    merged: dict[tuple[str, ...], Row] = {}
    for row in rows:
        first = merged.setdefault(tuple(row[key] for key in keys), dict(row))
        for column in ("names", "other_names"):
            if row.get(column):
                first[column] = "|".join(
                    dict.fromkeys([*filter(None, first[column].split("|")), *row[column].split("|")])
                )
    return merged.values()
