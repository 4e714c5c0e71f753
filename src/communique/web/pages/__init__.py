"""One module a page; each has a `router`. Order matters where one path could be another's."""

from fastapi import APIRouter

from communique.web.pages import (
    actor,
    ask,
    chart,
    cluster,
    document,
    dyad,
    issue,
    login,
    network,
    review,
    texts,
    wording,
)

PAGES: tuple[APIRouter, ...] = (
    ask.router,
    login.router,
    review.router,
    actor.router,
    issue.router,
    dyad.router,
    wording.router,
    cluster.router,
    network.router,
    chart.router,
    texts.router,
    document.router,
)
