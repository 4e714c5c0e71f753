"""Imports of a user's own actors: CSV tables, Wikidata query results, PETRARCH dictionaries."""

import json
from pathlib import Path

import pytest

from communique.actors.checking import check
from communique.actors.importing import Import, read_csv, read_wikidata, slug, write_overlay
from communique.actors.petrarch import read_petrarch
from communique.actors.registry import Registry, load_registry
from communique.errors import InputError


def loaded(found: Import, folder: Path) -> Registry:
    write_overlay(found, folder)
    assert [error for error in check([folder]).errors if str(folder) in error] == []
    return load_registry([folder])


class TestCsv:
    def read(self, tmp_path: Path, text: str) -> Import:
        (tmp_path / "mine.csv").write_text(text, encoding="utf8")
        return read_csv(tmp_path / "mine.csv")

    def test_a_person_with_an_office(self, tmp_path: Path) -> None:
        found = self.read(
            tmp_path,
            "name,kind,names,country,sector,office,from,to\n"
            "Ada Testa,person,Testa Ada,Italy,GOV,Minister of Puddings,2021-02-03,2023-04\n",
        )
        mine = loaded(found, tmp_path / "o")
        (term,) = mine.terms_of("person/ada-testa")
        assert (term.office, term.start, term.end) == ("ITA/minister-of-puddings", "2021-02-03", "2023-04-30")
        assert mine.offices[term.office].holder == "ITA"
        assert [n.entry for n in mine.named("testa ada")] == ["person/ada-testa"]

    def test_an_office_of_ours_is_found_by_its_name(self, tmp_path: Path) -> None:
        found = self.read(tmp_path, "name,kind,country,office,from\nAda Testa,person,USA,secretary of state,2031\n")
        assert "offices" not in found.rows
        mine = loaded(found, tmp_path / "o")
        assert mine.terms_on("USA/secretary-of-state", "2031-05-06")[0].name == "Ada Testa"

    def test_a_person_of_ours_keeps_our_id(self, tmp_path: Path) -> None:
        table = "name,kind,country,office,from\nWolodymyr Zelenskyy,person,UKR,,\nVolodymyr Zelenskyy,person,UKR,,\n"
        found = self.read(tmp_path, table)
        ids = [row["id"] for row in found.rows["persons"]]
        assert ids == ["person/wolodymyr-zelenskyy", "person/volodymyr-zelensky"]

    def test_groups_and_organisations(self, tmp_path: Path) -> None:
        found = self.read(
            tmp_path,
            "name\tkind\tcountry\tsector\n"
            "Pudding Front\tgroup\tFRA\tREB\nPuddings Ltd\torganisation\tGBR\tBUS\n"
            "World Pudding Council\torganisation\t\tIGO\n",
        )
        mine = loaded(found, tmp_path / "o")
        assert mine.entries["group/pudding-front"].cameo == "FRAREB"
        assert mine.entries["company/puddings-ltd"].cameo == "GBRBUS"
        assert mine.entries["IGO/world-pudding-council"].cameo == "IGO"
        again = self.read(tmp_path, "name,kind\nHizbullah,group\n")
        assert [row["id"] for row in again.rows["groups"]] == ["group/hezbollah"]

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            (",person,FRA,GOV,", "no name"),
            ("A B,planet,FRA,GOV,", "kind 'planet'"),
            ("A B,group,Atlantis,GOV,", "country 'Atlantis' is no state"),
            ("A B,group,Congo,REB,", "country 'Congo' is several states"),
            ("A B,group,FRA,XXX,", "sector 'XXX'"),
            ("A B,group,FRA,REB,tomorrow", "'tomorrow' is no date"),
        ],
    )
    def test_rows_set_aside(self, tmp_path: Path, row: str, reason: str) -> None:
        found = self.read(tmp_path, f"name,kind,country,sector,from\nC D,group,FRA,REB,\n{row}\n")
        assert len(found.rows["groups"]) == 1
        ((where, why),) = found.aside
        assert where.endswith("mine.csv:3") and reason in why

    def test_no_table(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="column kind and name missing"):
            self.read(tmp_path, "who,what\n")
        with pytest.raises(InputError, match="cannot be read"):
            read_csv(tmp_path / "none.csv")


def binding(**values: str) -> dict[str, dict[str, str]]:
    uris = {"person", "position"}
    return {key: {"type": "uri" if key in uris else "literal", "value": value} for key, value in values.items()}


class TestWikidata:
    def read(self, tmp_path: Path, *bindings: dict[str, dict[str, str]], plain: bool = False) -> Import:
        path = tmp_path / "query.json"
        if plain:
            path.write_text(json.dumps([{key: cell["value"] for key, cell in b.items()} for b in bindings]))
        else:
            head = {"vars": sorted({key for b in bindings for key in b})}
            path.write_text(json.dumps({"head": head, "results": {"bindings": list(bindings)}}))
        return read_wikidata(path)

    TERM = binding(
        person="http://www.wikidata.org/entity/Q99000001",
        personLabel="Testa Marlowe",
        personAltLabel="T. Marlowe Senior, Marlowe",
        position="http://www.wikidata.org/entity/Q99000002",
        positionLabel="Minister of Puddings of the Netherlands",
        country="NLD",
        start="2019-01-01T00:00:00Z",
        startPrecision="9",
        end="2021-03-04T00:00:00Z",
        endPrecision="11",
    )

    @pytest.mark.parametrize("plain", [False, True])
    def test_a_term(self, tmp_path: Path, plain: bool) -> None:
        mine = loaded(self.read(tmp_path, self.TERM, plain=plain), tmp_path / "o")
        (term,) = mine.terms_of("person/testa-marlowe")
        assert (term.office, term.start, term.end) == ("NLD/minister-of-puddings", "2019-01-01", "2021-03-04")
        assert mine.entries["person/testa-marlowe"].wikidata == "Q99000001"
        assert mine.named("T. Marlowe Senior") and not mine.named("Marlowe")
        assert "Wikidata" in term.source and term.as_of

    def test_an_office_of_ours(self, tmp_path: Path) -> None:
        ours = self.TERM | binding(positionLabel="Secretary of State of the United States", country="USA")
        found = self.read(tmp_path, ours)
        assert [row["office_id"] for row in found.rows["terms"]] == ["USA/secretary-of-state"]
        assert "offices" not in found.rows

    def test_a_person_of_ours_keeps_the_id_and_the_names(self, tmp_path: Path) -> None:
        ours = self.TERM | binding(personLabel="Antony Blinken", country="USA", positionLabel="pudding envoy")
        mine = loaded(self.read(tmp_path, ours), tmp_path / "o")
        assert mine.entries["person/antony-blinken"].wikidata == "Q99000001"
        assert {t.office for t in mine.terms_of("person/antony-blinken")} >= {
            "USA/secretary-of-state",
            "USA/pudding-envoy",
        }
        assert {n.surface for n in load_registry().names if n.entry == "person/antony-blinken"} <= {
            n.surface for n in mine.names if n.entry == "person/antony-blinken"
        }
        assert not [clash for clash in mine.clashes if clash.what == "person/antony-blinken"]

    def test_bindings_set_aside(self, tmp_path: Path) -> None:
        nameless = self.TERM | binding(personLabel="Q99000001")
        stateless = {key: cell for key, cell in self.TERM.items() if key != "country"}
        elsewhere = self.TERM | binding(country="ZZZ")
        found = self.read(tmp_path, nameless, stateless, elsewhere)
        assert [reason for _, reason in found.aside] == [
            "no English label",
            "no country",
            "country 'ZZZ' is no state of states.tsv",
        ]
        assert len(found) == 0

    def test_not_a_result(self, tmp_path: Path) -> None:
        (tmp_path / "x.json").write_text('{"hello": 1}')
        with pytest.raises(InputError, match="not a SPARQL query result"):
            read_wikidata(tmp_path / "x.json")


class TestPetrarch:
    def read(self, tmp_path: Path, text: str) -> Import:
        (tmp_path / "some.actors.txt").write_text(text, encoding="utf8")
        return read_petrarch(tmp_path / "some.actors.txt")

    def test_a_person_through_time(self, tmp_path: Path) -> None:
        """Before, in and after office; YY up to 30 is 20YY; comments and further names."""
        found = self.read(
            tmp_path,
            "# a comment\nADA_TESTA_  # somebody\n+PRESIDENT_TESTA_\n\t[FRAELI 580101-990531]\n"
            "\t[FRAGOV 990601-20040229] # office\n\t[FRAELI]\n",
        )
        mine = loaded(found, tmp_path / "o")

        def sector(day: str) -> str:
            return mine.entry_on("person/ada-testa", day).cameo

        assert sector("1950-01-01") == "FRAELI"  # the code without days holds whenever no other does
        assert sector("1970-01-01") == "FRAELI"
        assert sector("1999-06-01") == "FRAGOV"
        assert sector("2004-02-29") == "FRAGOV"
        assert sector("2004-03-01") == "FRAELI"
        assert [n.entry for n in mine.named("president testa")] == ["person/ada-testa"]

    def test_open_restrictions(self, tmp_path: Path) -> None:
        found = self.read(tmp_path, "BO_AL_NUMAN_ [SYROPP <110315] [SYRREB >110315]# from a list\n")
        mine = loaded(found, tmp_path / "o")
        assert mine.entry_on("person/bo-al-numan", "2011-03-14").cameo == "SYROPP"
        assert mine.entry_on("person/bo-al-numan", "2011-03-15").cameo == "SYRREB"
        assert mine.entries["person/bo-al-numan"].name == "Bo al Numan"

    def test_two_countries_in_turn(self, tmp_path: Path) -> None:
        found = self.read(tmp_path, "CY_TESTA_\n\t[HTIMED 20000101-20061231]\n\t[IGOUNO 20070101-20081231]\n")
        mine = loaded(found, tmp_path / "o")
        assert [n.entry for n in mine.named("Cy Testa", "2005-05-05")] == ["person/cy-testa-hti"]
        (later,) = mine.named("Cy Testa", "2008-05-05")
        assert mine.entry_on(later.entry, "2008-05-05").sector == "IGO"
        assert mine.named("Cy Testa", "2015-05-05") == []

    def test_organisations_and_groups(self, tmp_path: Path) -> None:
        found = self.read(tmp_path, "PUDDING_COUNCIL_ [IGOUNO]\nPUDDING_FRONT_ [PERREB]\nPUDDING_POST [COLMED]\n")
        mine = loaded(found, tmp_path / "o")
        assert mine.entries["IGO/pudding-council"].sector == "IGO"
        assert mine.entries["group/pudding-front"].cameo == "PERREB"
        assert mine.entries["COL/pudding-post"].sector == "JRN"  # CAMEO's MED is the news media

    def test_what_is_ours_already_keeps_our_id(self, tmp_path: Path) -> None:
        found = self.read(
            tmp_path, "IAEA_ [IGOUNOIAE]\nSOMEBODY_ELSE_ [PERREB]\nHIZBULLAH_ [LBNREBHEZ]\n+PUDDING_PARTY_\n"
        )
        mine = loaded(found, tmp_path / "o")
        assert mine.entries["IGO/iaea"] == load_registry().entries["IGO/iaea"] and mine.named("Iaea")
        assert [n.entry for n in mine.named("pudding party")] == ["group/hezbollah"]
        assert {n.entry for n in mine.named("International Atomic Energy Agency")} == {"IGO/iaea"}

    def test_a_person_of_ours_keeps_our_id(self, tmp_path: Path) -> None:
        found = self.read(tmp_path, "GERHARD_SCHROEDER_\n\t[DEUGOV 981027-051122]\n\t[DEUELI >051122]\n")
        assert [row["id"] for row in found.rows["persons"]] == ["person/gerhard-schroder"]
        loaded(found, tmp_path / "o")

    def test_short_words_keep_their_case(self, tmp_path: Path) -> None:
        mine = loaded(self.read(tmp_path, "THEN_ [PERREB]\n"), tmp_path / "o")
        assert mine.named("THEN") and mine.named("Then") and not mine.named("then")

    def test_agents(self, tmp_path: Path) -> None:
        found = self.read(
            tmp_path,
            "!PERSON! = MAN, WOMEN\nPUDDING!PERSON! {} [~AGR]\nPUDDING_THIEF {PUDDING_THIEVES} [~CRM]\n"
            "PUDDING_DEPUTY [~LEG]\nSOLDIER [~MIL]\n",
        )
        mine = loaded(found, tmp_path / "o")
        roles = {role.name: (role.plural, role.sector) for role in mine.roles if role.name.startswith("pudding")}
        assert roles == {
            "puddingman": ("", "AGR"),
            "puddingwomen": ("", "AGR"),
            "pudding thief": ("pudding thieves", "CRM"),
            "pudding deputy": ("pudding deputies", "LEG"),
        }
        assert mine.clashes == ()  # soldiers are ours already

    @pytest.mark.parametrize(
        ("entry", "reason"),
        [
            ("RURITANIA_ [QQQGOV]", None),
            ("FREEDONIA_ [QQQ]", "begins with no ISO 3166 country"),
            ("TIRANE_ [ALB]", "is a name of ALB"),
            ("SOMEBODY_HERE [---]", "only the null code"),
            ("SOMEBODY_HERE [FRAGOV 991301-000101]", "'991301' is no date"),
            ("SOMEBODY_HERE [FRAGOV 990101]", "is not of the form"),
            ("PUDDING!NONE! [~AGR]", "substitution set !NONE! is not defined"),
        ],
    )
    def test_entries_set_aside(self, tmp_path: Path, entry: str, reason: str | None) -> None:
        found = self.read(tmp_path, f"PUDDING_FRONT_ [PERREB]\n{entry}\n")
        if reason is None:
            assert found.aside == []
        else:
            ((where, why),) = found.aside
            assert where.endswith("some.actors.txt:2") and reason in why

    def test_no_dictionary(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="no entry such as"):
            self.read(tmp_path, "Dear diary,\ntoday nothing happened.\n")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    found = Import("test", {"groups": [{"id": "group/x", "name": "X"}]})
    write_overlay(found, tmp_path)
    with pytest.raises(InputError, match="is there already"):
        write_overlay(found, tmp_path)


@pytest.mark.parametrize(
    ("name", "read"), [("Gülen movement", "gulen-movement"), ("N'Djamena", "n-djamena"), ("毛宁", "x6bdb5b81")]
)
def test_slugs(name: str, read: str) -> None:
    assert slug(name) == read
