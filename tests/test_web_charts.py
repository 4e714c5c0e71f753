"""Charts: the rows go in, a picture and a table come out."""

import json

import pytest

from communique.web import charts

ROWS = [
    {"month": "2024-01-01", "quad": "VERBAL CONFLICT", "count": 3, "value": 0.5, "name": "=cmd", "href": "/x"},
    {"month": "2024-02-01", "quad": "MATERIAL CONFLICT", "count": 1, "value": -0.5, "name": "Peru", "href": "/y"},
]
SCALE = {"domain": list(charts.QUADS), "range": list(charts.QUADS.values())}
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
NODE = {"x": 0, "y": 0, "name": "a", "kind": "actor", "degree": 1, "href": "/"}
SPECS = {
    "bars": (
        charts.bars_by_month("quad", SCALE, breaks=True),
        ROWS,
        {"breaks": [{"month": "2024-02-01", "why": "more"}]},
    ),
    "line": (charts.line_by_month("value", "intensity"), ROWS, {}),
    "names": (charts.bars_by_name("name", "quad", SCALE), ROWS, {}),
    "matrix": (charts.matrix_by_month("name", "value", "stance"), ROWS, {}),
    "network": (charts.node_link(), [TIE], {"nodes": [NODE]}),
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
