"""What every reader asks for first, computed before the first reader comes."""

from communique.archive.store import Archive
from communique.web import choices, figures, formulas, happenings, networking, summaries
from communique.web.filters import PAGE, Filters
from communique.web.questions import conditions
from communique.web.remembering import remembered


def warm(archive: Archive) -> None:
    """Choices, counts and first pages of an archive that has changed, under the keys that the pages look for."""
    choices.choices(archive)
    choices.overview(archive)
    remembered(archive, ("actors", "", 1), lambda: summaries.actors(archive, "", 1, PAGE))
    remembered(archive, "issues", lambda: summaries.issues(archive))
    remembered(archive, "formulas", lambda: formulas.formulas(archive))
    pairs = remembered(archive, "pairs", lambda: happenings.pairs(archive))
    where = conditions("events", Filters(), {})
    remembered(archive, ("clusters", where, 1), lambda: happenings.clusters(archive, where, 1, PAGE))
    for kind in ("actor-issue", "actor-actor"):
        asked = networking.Asked(kind).query()
        figures.figure(archive, "network", {k: str(v) for k, v in asked.items() if v})
    for pair in pairs[:1]:  # loads what breaks need, too
        figures.figure(archive, "acts", {"source": pair["source"], "target": pair["target"]})
