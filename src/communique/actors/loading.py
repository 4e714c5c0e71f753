"""Reading the registry's files, layer over layer, into rows by id; what the registry is built from."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from communique.actors.entries import Body, Clash, Entry, Name, Office, Role, Span, Term
from communique.actors.tables import COLUMNS, dated, first_day, in_capitals, last_day, read_table, split_list
from communique.errors import DataError

Row = dict[str, str]

_BLANKABLE = ("type", "country", "wikidata", "members", "start", "end")


class Loading:
    """What is gathered while the files are read; a later layer's row corrects an earlier one's of the same id."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.entries: dict[str, Entry] = {}
        self.names: dict[str, list[Name]] = {}  # by entry
        self.articles: set[str] = set()
        self.bodies: dict[str, Body] = {}
        self.roles: dict[str, Role] = {}
        self.offices: dict[str, Office] = {}
        self.terms: dict[tuple[str, str, str], Term] = {}
        self.sectors: dict[str, str] = {}
        self.cameo_roles: dict[str, str] = {}
        self.lines: dict[str, tuple[str, int]] = {}
        self.clashes: list[Clash] = []
        self._layer = 0
        self._layers: dict[str, int] = {}
        self._path = Path()
        self._file = ""
        self._line = 0

    def read(self, source: Path) -> None:
        """Read a folder of registry files, or one of them, as the next layer.

        Raises:
            DataError: a file does not hold together; the message names file and line.
        """
        self._layer += 1
        files = [source] if source.is_file() else [source / f"{stem}.tsv" for stem in COLUMNS]
        files = [file for file in files if file.is_file()]
        if not files:
            raise DataError(
                f"{source}: holds no registry file; expected one of {', '.join(f'{s}.tsv' for s in COLUMNS)}"
            )
        before = {id: {name.surface for name in names} for id, names in self.names.items()} if self._layer > 1 else {}
        for path in files:
            self._path, self._file = path, str(path)
            self.digest.update(path.read_bytes())
            reader = _ROW_READERS[path.stem]
            for number, row in read_table(path):
                self._line = number
                reader(self, row)
        if self._layer > 1:
            self._cut_terms()
            self._report_names(before)

    def _fail(self, message: str) -> DataError:
        return DataError(f"{self._path}:{self._line}: {message}")

    def _claim(self, key: str, ours: object, theirs: object) -> None:
        """Note that this row defines `key`; twice in one layer is an error, anew in a later layer is a clash."""
        if self._layers.get(key) == self._layer:
            file, line = self.lines[key]
            raise self._fail(f"{key!r} is already in {file}:{line}; keep one of the two")
        before, after = _differences(ours, theirs) if ours else ("", "")
        if before:
            self.clashes.append(Clash(self._file, self._line, key, before, after))
        self._layers[key] = self._layer
        self.lines[key] = (self._file, self._line)

    def _sector(self, code: str) -> str:
        """The CAMEO role code of a PLOVER sector."""
        if code and code not in self.sectors:
            raise self._fail(f"sector {code!r} is not in sectors.tsv, which lists PLOVER's sectors")
        return self.sectors.get(code, "")

    def _entry(self, row: Row, kind: str, country: str, names: Iterable[tuple[str, str]], type: str = "") -> None:
        id = row["id"]
        sectors = tuple(Span(*dated(cell)[:3]) for cell in split_list(row.get("sector", "")))
        for span in sectors:
            self._sector(span.value)
        sector = sectors[-1].value if sectors else ""
        dated_sectors = sectors if len(sectors) > 1 or any(s.start or s.end for s in sectors) else ()
        life = first_day(row["from"]), last_day(row["to"])
        members = tuple(split_list(row.get("members", "")))
        code, item = row.get("cameo", ""), row.get("wikidata", "")
        name = dated(row["name"]).surface
        entry = Entry(id, name, kind, type or row["kind"], country, sector, code, item, members, *life, dated_sectors)
        fresh, known = [_name(id, role, cell) for role, cell in names], self.names.get(id, [])
        ours = self.entries.get(id)
        if ours:  # a later layer keeps what it leaves blank, adds names, and strikes those with a minus before them
            entry = entry._replace(**{f: getattr(ours, f) for f in _BLANKABLE if not getattr(entry, f)})
            if not sector:
                entry = entry._replace(sector=ours.sector, sectors=ours.sectors)
            if not code and (entry.country, entry.sector) == (ours.country, ours.sector):
                entry = entry._replace(cameo=ours.cameo)
            struck = {name.surface[1:] for name in fresh if name.surface.startswith("-")}
            listed = {(name.surface, name.role) for name in fresh}
            fresh = [name for name in fresh if not name.surface.startswith("-")]
            fresh += [n for n in known if (n.surface, n.role) not in listed and n.surface not in struck]
        if not entry.cameo:
            entry = entry._replace(cameo=entry.country + self._sector(entry.sector))
        self._claim(id, ours, entry)
        self.entries[id] = entry
        self.names[id] = fresh

    def sector_row(self, row: Row) -> None:
        self._claim(f"sector {row['code']}", self.sectors.get(row["code"]), row["cameo"])
        self.sectors[row["code"]] = row["cameo"]

    def cameo_role_row(self, row: Row) -> None:
        self._sector(row["sector"])
        self._claim(f"CAMEO role {row['cameo']}", self.cameo_roles.get(row["cameo"]), row["sector"])
        self.cameo_roles[row["cameo"]] = row["sector"]

    def state_row(self, row: Row) -> None:
        self._entry(
            row, "state", row["country"], _cells(row, "names", "adjectives", "demonyms", "capitals", "metonyms")
        )
        if row["article"]:
            self.articles.add(row["id"])

    def region_row(self, row: Row) -> None:
        cells = (("place", cell) for cell in (row["name"], *split_list(row["names"])))
        self._entry(row, "place", row["country"], cells)

    def organisation_row(self, row: Row) -> None:
        self._entry(row, "organisation", row["country"], _cells(row, "names", "metonyms"))

    def agency_row(self, row: Row) -> None:
        self._entry(row, "organisation", row["state"], _cells(row, "names"))

    def group_row(self, row: Row) -> None:
        self._entry(row, "group", row["country"], _cells(row, "names"))

    def person_row(self, row: Row) -> None:
        """A person known for no office, or for more than offices."""
        cells = (("person", cell) for cell in (row["name"], *split_list(row["other_names"])))
        self._entry(row, "person", row["country"], cells, "person")

    def body_row(self, row: Row) -> None:
        self._sector(row["sector"])
        nouns, forms = tuple(split_list(row["nouns"])), tuple(split_list(row["forms"]))
        body = Body(row["slug"], row["name"], row["sector"], nouns, forms)
        self._claim(f"body {body.slug}", self.bodies.get(body.slug), body)
        self.bodies[body.slug] = body

    def role_row(self, row: Row) -> None:
        self._sector(row["sector"])
        role = Role(row["name"], row["plural"], row["sector"], row["body"], row["kind"])
        self._claim(f"role {role.name}", self.roles.get(role.name), role)
        self.roles[role.name] = role

    def office_row(self, row: Row) -> None:
        self._sector(row["sector"])
        names, many = tuple(split_list(row["names"])), row["holders"] == "many"
        office = Office(row["office_id"], row["state_or_org"], row["title"], row["sector"], row["body"], names, many)
        self._claim(office.id, self.offices.get(office.id), office)
        self.offices[office.id] = office

    def term_row(self, row: Row) -> None:
        others = tuple(split_list(row["other_names"]))
        start, end = first_day(row["start"]), last_day(row["end"])
        person, office = row["person_id"], row["office_id"]
        term = Term(person, row["name"], office, start, end, others, row["source"], row["as_of"])
        key = (person, office, start)
        self._claim(_term_key(term), self.terms.get(key), term)
        self.terms[key] = term
        if person not in self.entries:
            self.entries[person] = Entry(person, term.name, "person", "person", "", "", "")
            self.lines.setdefault(person, (self._file, self._line))
        known = self.names.get(person)
        if known is None:
            cells = dict.fromkeys((term.name, *others)) if others else (term.name,)
            self.names[person] = [_name(person, "person", cell) for cell in cells]
        elif others or term.name != known[0].surface:
            have = {name.surface for name in known}
            fresh = dict.fromkeys(cell for cell in (term.name, *others) if dated(cell).surface not in have)
            known.extend(_name(person, "person", cell) for cell in fresh)

    def _cut_terms(self) -> None:
        """Where an overlay puts somebody else into an office, our holder's term ends that day; the clash is noted."""
        theirs = [t for t in self.terms.values() if self._layers[_term_key(t)] == self._layer]
        for term in theirs:
            if term.office in self.offices and self.offices[term.office].many:
                continue
            for key, ours in list(self.terms.items()):
                if (
                    ours.office != term.office
                    or ours.person == term.person
                    or self._layers[_term_key(ours)] == self._layer
                ):
                    continue
                overlap = ours.start < (term.end or "9999") and term.start < (ours.end or "9999")
                if not overlap:
                    continue
                file, line = self.lines[_term_key(term)]
                self.clashes.append(Clash(file, line, term.office, _period(ours), _period(term)))
                if ours.start < term.start:
                    self.terms[key] = ours._replace(end=term.start)

    def _report_names(self, before: dict[str, set[str]]) -> None:
        """A name that an overlay gives to another actor than those who bear it: all keep it, and the clash is noted."""
        ours = {surface: id for id, surfaces in before.items() for surface in surfaces}
        for id, names in self.names.items():
            if self._layers.get(id) == self._layer:
                for name in names:
                    if name.surface in ours and ours[name.surface] != id and name.surface not in before.get(id, ()):
                        file, line = self.lines[id]
                        self.clashes.append(Clash(file, line, name.surface, ours[name.surface], id))


_ROW_READERS = {
    "sectors": Loading.sector_row,
    "cameo_roles": Loading.cameo_role_row,
    "states": Loading.state_row,
    "regions": Loading.region_row,
    "organisations": Loading.organisation_row,
    "agencies": Loading.agency_row,
    "groups": Loading.group_row,
    "bodies": Loading.body_row,
    "roles": Loading.role_row,
    "offices": Loading.office_row,
    "persons": Loading.person_row,
    "terms": Loading.term_row,
}


def _differences(ours: object, theirs: object) -> tuple[str, str]:
    """What we say otherwise, and what they say: field by field where there are fields; "" where nothing contradicts."""
    fields = getattr(ours, "_fields", None)
    if not fields:
        return (str(ours), str(theirs)) if ours and ours != theirs else ("", "")
    differing = [f for f in fields if getattr(ours, f) and getattr(ours, f) != getattr(theirs, f)]
    before, after = (", ".join(f"{f} {_shown(getattr(value, f))}" for f in differing) for value in (ours, theirs))
    return before, after


def _shown(value: object) -> str:
    return "|".join(map(str, value)) if isinstance(value, tuple) else str(value) or "(none)"


def _term_key(term: Term) -> str:
    return f"{term.person} as {term.office} from {term.start}"


def _period(term: Term) -> str:
    return f"{term.name} {term.start or '?'}..{term.end or 'today'}"


def _cells(row: Row, *columns: str) -> Iterator[tuple[str, str]]:
    yield "name", row["name"]
    for column in columns:
        for cell in split_list(row[column]):
            yield column[:-1], cell


def _name(entry: str, role: str, cell: str) -> Name:
    if "@" in cell or cell.endswith("^"):
        surface, start, end, cased = dated(cell)
        return Name(surface, entry, start, end, cased, role)
    return Name(cell, entry, "", "", in_capitals(cell), role)
