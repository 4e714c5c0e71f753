"""The archive's rows once more, in a DuckDB file of the server's own that answers fast; made anew at each start.

`filling` copies the tables and keeps them up to date, `words` finds rows by their words, `indexed` is the archive that
answers from both.
"""

from communique.web.index.indexed import Indexed, ways_of

__all__ = ["Indexed", "ways_of"]
