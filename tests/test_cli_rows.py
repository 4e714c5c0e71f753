import pyarrow as pa
import pytest

from communique.cli.archive import Format, show_rows


def test_an_answer_without_rows_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    empty = pa.table({"period": pa.array([], pa.string()), "events": pa.array([], pa.int64())})
    show_rows(empty, Format.table)
    assert capsys.readouterr().out.startswith("No rows")
    show_rows(empty, Format.csv)
    assert capsys.readouterr().out.strip() == "period,events"
