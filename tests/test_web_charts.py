"""Charts: the rows go in, a picture and a table come out."""

import json
import re
from pathlib import Path

import pytest

from communique.analysis.networks import Edge, Network, Node, load_agreement
from communique.archive.store import open_archive
from communique.web import axes, charts, networking, specifications
from web_client import make_archive

ROWS = [
    {
        "month": "2024-01-01",
        "quad": "verbal conflict",
        "count": 3,
        "value": 0.5,
        "side": "more for",
        "name": "=cmd",
        "href": "/x",
    },
    {
        "month": "2024-02-01",
        "quad": "material conflict",
        "count": 1,
        "value": -0.5,
        "side": "more against",
        "name": "Peru",
        "href": "/y",
    },
]
SCALE = {"domain": list(specifications.QUADS), "range": list(specifications.QUADS.values())}
TIE = {
    "x": 0,
    "y": 0,
    "x2": 1,
    "y2": 1,
    "strength": 1,
    "weight": 2,
    "tie": "conflict",
    "from": "a",
    "to": "b",
    "href": "/",
}
NODE = {"x": 0, "y": 0, "name": "a", "label": "a", "kind": "actor", "degree": 1, "href": "/"}
SPECS = {
    "acts": (
        specifications.acts_by_month(ROWS, breaks=True),
        ROWS,
        {"breaks": [{"month": "2024-02-01", "why": "more"}]},
    ),
    "bars": (specifications.bars_by_month(ROWS, "quad", SCALE, "uses"), ROWS, {}),
    "points": (specifications.points_by_month(ROWS, "value", "intensity", (-1, 1), "acts"), ROWS, {}),
    "names": (specifications.bars_by_name(ROWS, "name", "quad", SCALE), ROWS, {}),
    "matrix": (specifications.matrix_by_month(ROWS, "name"), ROWS, {}),
    "network": (specifications.node_link([TIE], [NODE]), [TIE], {"nodes": [NODE]}),
}


def figure(name: str) -> charts.Figure:
    spec, rows, extra = SPECS[name]
    return charts.Figure(name, "A chart", ("month", "name", "count"), rows, spec, {"actor": "NOR/mfa"}, extra=extra)


@pytest.mark.parametrize("name", SPECS)
def test_every_chart_draws(name: str) -> None:
    svg = charts.drawn(figure(name), "svg").decode()
    assert svg.startswith("<svg") and ("<path" in svg or "<line" in svg)


def test_a_chart_downloads_as_png() -> None:
    assert charts.drawn(figure("bars"), "png").startswith(b"\x89PNG")


def test_a_chart_has_an_address_with_what_it_was_asked() -> None:
    assert figure("bars").address("svg") == "/charts/bars.svg?actor=NOR%2Fmfa"


def test_a_cell_that_a_spreadsheet_would_run_is_quoted() -> None:
    assert figure("bars").csv().splitlines()[1] == "2024-01-01,'=cmd,3"


def test_a_chart_loads_nothing() -> None:
    text = json.dumps({**figure("network").vega_lite(), "$schema": ""})
    assert "http" not in text


def test_the_library_for_the_browser_is_complete() -> None:
    library = charts.library().decode()
    assert "window.vegaEmbed" in library and "expressionInterpreter" in library


def test_conflict_stands_below_the_line_and_cooperation_above() -> None:
    svg = charts.drawn(figure("acts"), "svg").decode()
    shown = dict(re.findall(r"cooperation →: ([−0-9.]+); quad: ([a-z ]+)", svg))
    assert shown == {"−3": "verbal conflict", "−1": "material conflict"}
    assert ">break</text>" in svg


def test_a_stance_has_the_same_shade_on_every_page_and_no_two_share_one() -> None:
    every = specifications.stance_scale([kind.replace("_", " ") for kind in load_agreement()])
    assert len(set(every["range"])) == len(every["range"]) == len(load_agreement())
    some = specifications.stance_scale(["red line", "support"])
    assert some["domain"] == ["support", "red line"]
    assert (
        dict(zip(some["domain"], some["range"], strict=True)).items()
        <= dict(zip(every["domain"], every["range"], strict=True)).items()
    )


def test_others_are_grey_and_last() -> None:
    scale = specifications.scale_of(["others", "Peru"], "others")
    assert scale == {"domain": ["Peru", "others"], "range": [specifications.COLOURS[0], specifications.OTHERS]}


@pytest.mark.parametrize("name", ["acts", "bars", "names"])
def test_counts_have_whole_numbers_on_their_axis_each_once(name: str) -> None:
    one = [{**row, "count": 1} for row in ROWS]
    spec = {
        "acts": specifications.acts_by_month(one, breaks=False),
        "bars": specifications.bars_by_month(one, "quad", SCALE, "uses"),
        "names": specifications.bars_by_name(one, "name", "quad", SCALE),
    }[name]
    svg = charts.drawn(charts.Figure(name, "A chart", ("month",), one, spec, {}), "svg").decode()
    labels = re.findall(r">([0-9.]+)</text>", svg)
    assert sorted(labels) == ["0", "1"]


@pytest.mark.parametrize(("until", "label"), [("2024-05-01", "Mar 2024"), ("2033-05-01", "2026")])
def test_the_axis_of_time_names_months_or_in_long_times_years(until: str, label: str) -> None:
    rows = [ROWS[0], {**ROWS[1], "month": until}]
    spec = specifications.bars_by_month(rows, "quad", SCALE, "uses")
    svg = charts.drawn(charts.Figure("bars", "A chart", ("month",), rows, spec, {}), "svg").decode()
    assert f">{label}</text>" in svg


def test_what_is_not_drawn_is_still_in_the_table() -> None:
    one = charts.Figure("n", "A chart", ("name",), ROWS, SPECS["names"][0], {}, drawn=ROWS[:1])
    assert len(one.vega_lite()["datasets"]["rows"]) == 1
    assert len(one.csv().splitlines()) == 3


@pytest.mark.parametrize(
    ("least", "most", "shown"),
    [(0, 1, [0, 1]), (0, 3, [0, 1, 2, 3]), (-2, 3, [-2, -1, 0, 1, 2, 3]), (0, 37, [0, 5, 10, 15, 20, 25, 30, 35])],
)
def test_an_axis_has_few_whole_numbers(least: int, most: int, shown: list[int]) -> None:
    assert axes.whole(least, most) == shown


def test_places_of_few_do_not_fall_in_a_line_and_a_crowd_is_spread() -> None:
    nodes = tuple(Node(id, id, "actor", None, 1) for id in "abc")
    net = Network(nodes, tuple(Edge(one, other, 1.0) for one, other in ("ab", "ac", "bc")))
    (x, y), (x2, y2), (x3, y3) = networking._places(net).values()
    assert abs((x2 - x) * (y3 - y) - (x3 - x) * (y2 - y)) > 0.5
    crowd = {str(n): 1.0 if n == 0 else n / 1e6 for n in range(100)}
    places = sorted(networking._evened(crowd).values())
    assert places[50] - places[49] > 0.01


def test_only_names_that_fit_are_written() -> None:
    near = (("a", 0.0, 1), ("b", 0.01, 2))
    nodes = [{"id": id, "name": "A long name", "x": x, "y": 0.0, "degree": degree} for id, x, degree in near]
    assert networking.labelled([*nodes, {"id": "c", "name": "C", "x": 1.0, "y": 1.0, "degree": 1}]) == {"b", "c"}


def test_every_node_has_a_place_of_its_own_whatever_the_sides(tmp_path: Path) -> None:
    archive = open_archive(make_archive(tmp_path))
    for agreement in ("subtract", "combine", "ignore", "conflict"):
        nodes = networking.drawn(archive, networking.read_query({"agreement": agreement})).nodes
        assert len({(node["x"], node["y"]) for node in nodes}) == len(nodes) > 1
        assert (0.0, 0.0) not in {(node["x"], node["y"]) for node in nodes}
