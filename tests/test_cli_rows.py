import pyarrow as pa
import pytest

from communique.cli.archive import Format, show_rows
from communique.cli.wording import no_issue


def test_an_answer_without_rows_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    empty = pa.table({"period": pa.array([], pa.string()), "events": pa.array([], pa.int64())})
    show_rows(empty, Format.table)
    assert capsys.readouterr().out.startswith("No rows")
    show_rows(empty, Format.csv)
    assert capsys.readouterr().out.strip() == "period,events"


def test_ids_are_folded_on_a_narrow_screen_and_not_cut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    rows = pa.table(
        {
            "day": ["2024-01-05"],
            "source": ["ISL/mfa/foreign-minister"],
            "words": ["The fish stay."],
            "goldstein": [-1.77],
        }
    )
    show_rows(rows, Format.table)
    shown = capsys.readouterr().out
    assert "…" not in shown and "2024-01-05" in shown and "-1.77" in shown


@pytest.mark.parametrize(
    ("issue", "near"), [("tawian", "taiwan"), ("fish", "fisheries"), ("korean nuclear", "codebook issues")]
)
def test_an_issue_that_is_not_there_is_told_with_those_near_it(issue: str, near: str) -> None:
    assert near in no_issue(issue)
