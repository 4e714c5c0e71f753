"""The registry's files: what they hold, how they are read, what an overlay does, what the check finds."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.actors.checking import check
from communique.actors.finding import find
from communique.actors.registry import Name, Registry, load_registry
from communique.actors.tables import dated, first_day, last_day
from communique.errors import DataError, InputError

HEADER = "# source: test\n# licence: none\n# as-of: 2026-01-31\n"
TERM_COLUMNS = "person_id\tname\toffice_id\tstart\tend\tother_names\tsource\tas_of\n"
OFFICE_COLUMNS = "office_id\tstate_or_org\ttitle\tsector\tbody\tnames\tholders\n"
GROUP_COLUMNS = "id\tname\tcountry\tsector\tkind\tnames\tfrom\tto\n"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def overlay(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for stem, text in files.items():
        (folder / f"{stem}.tsv").write_text(HEADER + text, encoding="utf8")
    return folder


def ids(names: list[Name]) -> set[str]:
    return {name.entry for name in names}


def test_our_own_files_hold_together() -> None:
    assert check().errors == ()


def test_size(registry: Registry) -> None:
    counts = check().counts
    assert counts["states"] - 6 + counts["territories"] + counts["disputed"] >= 249
    assert counts["groups"] >= 200 and counts["organisations"] >= 700
    assert len(registry.names) + len(registry.body_names) >= 25_000


def test_loads_in_a_fraction_of_a_second() -> None:
    from communique.actors import registry as module

    best = 9.0
    for _ in range(6):  # the best of several: on a busy machine a single one says more about the machine
        module._load.cache_clear()
        begun = time.process_time()
        fresh = load_registry()
        assert len(fresh.names) + len(fresh.body_names) >= 25_000
        best = min(best, time.process_time() - begun)
    assert best < 0.3


@pytest.mark.parametrize(
    ("surface", "day", "id"),
    [
        ("United States", None, "USA"),
        ("U.S.", None, "USA"),
        ("Türkiye", None, "TUR"),
        ("Filipino", None, "PHL"),
        ("Ivorian", None, "CIV"),
        ("Pyongyang", None, "PRK"),
        ("Kremlin", None, "RUS/head"),
        ("Foggy Bottom", None, "USA/mfa"),
        ("Zhongnanhai", None, "CHN/head"),
        ("the Blue House", None, None),  # articles are not part of a name
        ("Blue House", None, "KOR/head"),
        ("MOFCOM", None, "CHN/trade"),
        ("Revolutionary Guards", None, "IRN/irgc"),
        ("Rosatom", None, "RUS/rosatom"),
        ("Ansarullah", None, "group/houthis"),
        ("IAEA", None, "IGO/iaea"),
        ("Macedonia", "2018-05-01", "MKD"),
        ("North Macedonia", "2024-05-01", "MKD"),
        ("FYROM", "2024-05-01", None),  # a name of the past
        ("Nur-Sultan", "2020-01-01", "KAZ"),
        ("Nur-Sultan", "2024-01-01", None),
        ("Zaire", "1996-01-01", "COD"),
        ("Zaire", "2001-01-01", None),
        ("us", None, None),  # the pronoun
        ("who", None, None),
        ("turkey", None, None),  # the bird
        ("Turkey", None, "TUR"),
        ("pentagon", None, "USA/mod"),  # case does not matter where nothing else is meant
    ],
)
def test_names(registry: Registry, surface: str, day: str | None, id: str | None) -> None:
    found = ids(registry.named(surface, day))
    assert found == ({id} if id else set())


def test_a_name_of_two_states_gives_both(registry: Registry) -> None:
    assert ids(registry.named("Congo")) == {"COD", "COG"}
    assert ids(registry.named("Dominican")) == {"DMA", "DOM"}


def test_sector_changes_with_the_day(registry: Registry) -> None:
    assert registry.entry_on("group/taliban", "2015-06-01").cameo == "AFGREB"
    assert registry.entry_on("group/taliban", "2022-06-01").cameo == "AFGGOV"
    assert registry.entry_on("IRN", "2022-06-01") == registry.entries["IRN"]


def test_bodies_by_pattern(registry: Registry) -> None:
    assert registry.body("USA", "mfa").name == "US Department of State"
    body = registry.body("NLD", "air")
    assert (body.name, body.sector, body.cameo) == ("air force of the Netherlands", "MIL", "NLDMIL")
    with pytest.raises(KeyError):
        registry.body("USA", "no-such-body")
    by_surface = {name.surface: name.entry for name in registry.body_names}
    assert by_surface["Ministry of Foreign Affairs of the Maldives"] == "MDV/mfa"
    assert by_surface["Chadian army"] == "TCD/mil"


def test_abkhazia_is_no_state_of_its_own(registry: Registry) -> None:
    entry = registry.entries["GEO/abkhazia"]
    assert (entry.country, entry.sector, entry.type) == ("GEO", "PRE", "disputed")


def test_places_are_no_actors(registry: Registry) -> None:
    (name,) = registry.named("Golan Heights")
    assert (name.role, registry.entries[name.entry].kind) == ("place", "place")
    assert {registry.entries[n.entry].country for n in registry.named("Georgia")} == {"GEO", "USA"}


def test_members(registry: Registry) -> None:
    assert len(registry.entries["IGO/un"].members) == 193
    assert "SWE" in registry.entries["IGO/nato"].members
    assert "GBR" not in registry.entries["IGO/eu"].members


@given(st.dates(), st.dates())
def test_dated_names_read_back(start: object, end: object) -> None:
    assert dated(f"Zaire@{start}..{end}") == ("Zaire", str(start), str(end), False)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("Chad^", ("Chad", "", "", True)),
        ("ETA^@..2018-05-02", ("ETA", "", "2018-05-02", True)),
        ("NATO", ("NATO", "", "", True)),
        ("user@example", ("user@example", "", "", False)),
        ("Astana@2022..", ("Astana", "2022-01-01", "", False)),
    ],
)
def test_cells(cell: str, read: tuple[str, str, str, bool]) -> None:
    assert dated(cell) == read


def test_vague_dates() -> None:
    assert (first_day("2004"), first_day("2004-02"), first_day("")) == ("2004-01-01", "2004-02-01", "")
    assert (last_day("2004"), last_day("2004-02"), last_day("")) == ("2004-12-31", "2004-02-29", "")


class TestOverlays:
    def test_a_new_group(self, tmp_path: Path) -> None:
        row = "group/blue-band\tBlue Band\tFRA\tREB\tarmed\tBande bleue\t2020\t\n"
        mine = load_registry([overlay(tmp_path, groups=GROUP_COLUMNS + row)])
        assert ids(mine.named("bande bleue")) == {"group/blue-band"}
        assert mine.entries["group/blue-band"].start == "2020-01-01"
        assert mine.clashes == ()
        assert mine.version != load_registry().version

    def test_a_row_of_ours_is_corrected_and_reported(self, tmp_path: Path) -> None:
        row = "group/hamas\tHamas\t\tGOV\t\tHamas government|-HAMAS movement|-Hamas movement\t\t\n"
        mine = load_registry([overlay(tmp_path, groups=GROUP_COLUMNS + row)])
        entry = mine.entries["group/hamas"]
        assert (entry.sector, entry.country, entry.type) == ("GOV", "PSE", "armed")  # what is left blank stays
        assert mine.named("Hamas government") and mine.named("Islamic Resistance Movement")
        assert mine.named("Hamas movement") == []
        (clash,) = mine.clashes
        assert clash.what == "group/hamas" and clash.line == 5
        assert clash.ours.startswith("sector REB") and clash.theirs.startswith("sector GOV")

    def test_the_same_row_is_no_clash(self, tmp_path: Path) -> None:
        from communique.data import data_path

        assert load_registry([data_path("registry", "groups.tsv")]).clashes == ()

    def test_a_name_of_ours_for_somebody_else_is_reported(self, tmp_path: Path) -> None:
        row = "group/band\tThe Band\tFRA\tCVL\tmovement\tHezbollah\t\t\n"
        mine = load_registry([overlay(tmp_path, groups=GROUP_COLUMNS + row)])
        assert [(c.what, c.ours, c.theirs) for c in mine.clashes] == [("Hezbollah", "group/hezbollah", "group/band")]

    def test_a_new_holder_ends_the_old_ones_term(self, tmp_path: Path) -> None:
        offices = OFFICE_COLUMNS + "VUT/test-office\tVUT\tTest Officer\tGOV\t\t\tone\n"
        first = overlay(
            tmp_path / "first",
            offices=offices,
            terms=TERM_COLUMNS + "person/ann-old\tAnn Old\tVUT/test-office\t2020-01-01\t\t\ttest\t2024-01-01\n",
        )
        second = overlay(
            tmp_path / "second",
            terms=TERM_COLUMNS + "person/bo-new\tBo New\tVUT/test-office\t2025-03-04\t\t\ttest\t2025-04-01\n",
        )
        mine = load_registry([first, second])
        assert [t.name for t in mine.terms_on("VUT/test-office", "2025-06-01")] == ["Bo New"]
        assert [t.name for t in mine.terms_on("VUT/test-office", "2025-03-04")] == ["Bo New", "Ann Old"]
        assert [t.name for t in mine.terms_on("VUT/test-office", "2024-06-01")] == ["Ann Old"]
        (clash,) = mine.clashes
        assert clash.what == "VUT/test-office" and "Ann Old" in clash.ours and "Bo New" in clash.theirs

    def test_found_through_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        row = "group/blue-band\tBlue Band\tFRA\tREB\tarmed\t\t\t\n"
        monkeypatch.setenv("COMMUNIQUE_REGISTRY", str(overlay(tmp_path, groups=GROUP_COLUMNS + row)))
        assert "group/blue-band" in load_registry().entries


@pytest.mark.parametrize(
    ("stem", "text", "says"),
    [
        ("groups", GROUP_COLUMNS + "group/x\tX\tFRA\tXYZ\tarmed\t\t\t\n", "groups.tsv:5: sector 'XYZ'"),
        ("groups", GROUP_COLUMNS + "group/x\tX\tFRA\tREB\ta\t\t\t\ngroup/x\tX\tFRA\tREB\ta\t\t\t\n", "groups.tsv:6"),
        ("groups", "id\tname\n", "column 'country' is missing"),
        ("groups", GROUP_COLUMNS.replace("kind", "sort"), "unknown column 'sort'"),
        ("groups", GROUP_COLUMNS + "group/x\tX\tFRA\tREB\ta\t\t\t\textra\n", "groups.tsv:5: 9 cells"),
        ("groups", GROUP_COLUMNS + "\tX\tFRA\tREB\ta\t\t\t\n", "groups.tsv:5: 'id' is empty"),
        ("groups", "", "no header row"),
    ],
)
def test_what_cannot_be_loaded_names_file_and_line(tmp_path: Path, stem: str, text: str, says: str) -> None:
    with pytest.raises(DataError, match=r".") as failure:
        load_registry([overlay(tmp_path, **{stem: text})])
    assert says in str(failure.value)


def test_a_folder_without_registry_files(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no registry file"):
        load_registry([tmp_path])


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"groups": GROUP_COLUMNS + "group/x\tX\tQQQ\tREB\tarmed\t\t\t\n"}, "'QQQ' is no state"),
        ({"groups": GROUP_COLUMNS + "x\tX\tFRA\tREB\tarmed\t\t\t\n"}, "has not the form of a group's"),
        ({"groups": GROUP_COLUMNS + "group/x\tX\tFRA\tREB\tarmed\t\t2020-02-30\t\n"}, "'2020-02-30' is no date"),
        ({"groups": GROUP_COLUMNS + "group/x\tX\tFRA\tREB\tarmed\t\t2020\t2019\n"}, "begins on 2020-01-01 and ends"),
        ({"groups": GROUP_COLUMNS + "group/x\tX\tFRA\tREB\tarmed\tY |Z\t\t\n"}, "stray spaces"),
        ({"groups": GROUP_COLUMNS + "group/x\tX\tFRA\tREB@..2020-05-01|GOV@2020..\tarmed\t\t\t\n"}, "on the same days"),
        (
            {"terms": TERM_COLUMNS + "person/x\tX Y\tFRA/no-such\t2020\t\t\tz\t2021\n"},
            "office 'FRA/no-such' is not in offices.tsv",
        ),
        (
            {"offices": OFFICE_COLUMNS + "FRA/z\tFRA\tZ\tGOV\tno-body\t\tone\n"},
            "body 'no-body' of office FRA/z is not in bodies.tsv",
        ),
        (
            {
                "offices": OFFICE_COLUMNS + "FRA/z\tFRA\tZ\tGOV\t\t\tone\n",
                "terms": TERM_COLUMNS
                + "person/a-b\tA B\tFRA/z\t2020-01-05\t2022-03-04\t\tz\t2023\n"
                + "person/c-d\tC D\tFRA/z\t2021-03-04\t\t\tz\t2023\n",
            },
            "C D begins on 2021-03-04, but A B is FRA/z until 2022-03-04",
        ),
    ],
)
def test_what_the_check_finds(tmp_path: Path, files: dict[str, str], says: str) -> None:
    errors = check([overlay(tmp_path, **files)]).errors
    assert any(says in error and str(tmp_path) in error for error in errors), errors


def test_a_spell_without_a_holder_is_told_and_no_error(tmp_path: Path) -> None:
    offices = OFFICE_COLUMNS + "VUT/z\tVUT\tZ\tGOV\t\t\tone\nVUT/y\tVUT\tY\tGOV\t\t\tmany\n"
    rows = [
        ("ann-old", "Ann Old", "z", "2010", "2012-05-01", "2024-01-01"),
        ("bo-new", "Bo New", "z", "2014-02-03", "2015-02", "2024-01-01"),
        ("cy-last", "Cy Last", "z", "2015-09", "", "2025-04-01"),
        ("di-one", "Di One", "y", "2000", "2001", "2024-01-01"),
        ("ed-two", "Ed Two", "y", "2010", "", "2024-01-01"),
    ]
    terms = "".join(f"person/{i}\t{n}\tVUT/{o}\t{a}\t{b}\t\ttest\t{c}\n" for i, n, o, a, b, c in rows)
    report = check([overlay(tmp_path, offices=offices, terms=TERM_COLUMNS + terms)])
    assert report.errors == ()
    ours = [gap for gap in report.gaps if gap.startswith("VUT/")]
    assert ours == ["VUT/z: nobody from 2012-05-01 (Ann Old) to 2014-02-03 (Bo New)"]
    assert report.known_to["VUT/z"] == "2025-04-01" and "VUT/y" not in report.known_to


def test_ministers_and_spokespersons_of_the_states_most_in_the_news(registry: Registry) -> None:
    def states(*bodies: str, spokespersons: bool = False) -> set[str]:
        offices = (registry.offices[term.office] for term in registry.terms)
        found = (o for o in offices if o.body in bodies and ("spokesperson" in o.id) == spokespersons)
        return {o.holder for o in found if (spokespersons or not o.many) and registry.entries[o.holder].kind == "state"}

    assert len(states("mfa")) >= 100
    assert len(states("mod")) >= 70
    assert len(states("mfa", "gov", "head", "pmo", spokespersons=True)) >= 40


def test_a_file_without_source_is_found(tmp_path: Path) -> None:
    (tmp_path / "groups.tsv").write_text(GROUP_COLUMNS, encoding="utf8")
    assert any("# source:" in error for error in check([tmp_path]).errors)


class TestFind:
    def test_an_office_on_a_day(self) -> None:
        matches = find("Secretary of State", "2022-05-01", "USA")
        assert [(m.name, m.cameo) for m in matches] == [("Antony Blinken", "USAGOV")]

    def test_a_former_officeholder(self) -> None:
        (match,) = find("Antony Blinken", "2025-06-30")
        assert match.sector == "ELI" and match.office.startswith("former ")

    def test_part_of_a_name(self) -> None:
        assert "group/sinaloa" in {match.id for match in find("sinaloa car")}

    def test_a_date_that_is_none(self) -> None:
        with pytest.raises(InputError, match="is no date"):
            find("Hamas", "30 January")
