"""The archive's rows once more, in a DuckDB file of the server's own that answers fast; made anew at each start.

`filling` copies the tables and keeps them up to date, `words` keeps which rows hold a word, `matching` finds and sorts
the rows that answer a search, `indexed` is the archive that answers from all three.
"""

from communique.web.index.indexed import Indexed
from communique.web.index.matching import CODED

__all__ = ["CODED", "Indexed"]
