"""Make the README's picture of the terminal from real output: python docs/images/make.py"""

from pathlib import Path

from rich.console import Console

import communique
from communique.data import data_path
from communique.exporting.text import record_table

HERE = Path(__file__).parent


def main() -> None:
    sample = data_path("samples", "2024-03-11-briefing-report.txt")
    record = communique.code(sample.read_text(encoding="utf8"), published="2024-03-11")
    with Path("/dev/null").open("w") as nowhere:
        console = Console(record=True, width=124, file=nowhere)
        console.print(record_table(record))
    svg = console.export_svg(title="communique code briefing.txt --published 2024-03-11")
    # The font is the reader's own: nothing is loaded from elsewhere.
    svg = "\n".join(line for line in svg.splitlines() if "url(" not in line or "clip-path" in line)
    (HERE / "terminal.svg").write_text(svg + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
