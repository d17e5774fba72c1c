"""The agent console: where support agents look answers up, take over, and improve the knowledge base.

A page is a module with a router of its own, a template and a YAML file with its texts (both in ``templates/console``), and a line in
``PAGES`` below and, if it has a place in the navigation, in ``navigation.PLACES``. ``page`` is what its routes take and answer with.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends, FastAPI

from web.console import (
    account,
    agents,
    audit,
    checklists,
    conversation,
    csrf,
    drafts,
    enrol,
    flows,
    improve,
    inbox,
    insights,
    knowledge,
    language,
    lookup,
    sign_in,
    tickets,
    upkeep,
)
from web.console.page import Anyone, Refused, SignInNeeded, refuse, to_sign_in

PAGES = (
    lookup,
    inbox,
    conversation,
    checklists,
    tickets,
    knowledge,
    flows,
    improve,
    drafts,
    upkeep,
    insights,
    agents,
    audit,
    account,
    enrol,
    sign_in,
    language,
)


def install(app: FastAPI) -> None:
    """Add the console to the application."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(_not_from_elsewhere)])
    for page in PAGES:
        router.include_router(page.router, prefix="/console")
    router.add_api_route("/console/{path:path}", _nothing_here, methods=["GET"])
    app.include_router(router)
    app.add_exception_handler(SignInNeeded, to_sign_in)
    app.add_exception_handler(Refused, refuse)


async def _not_from_elsewhere(page: Anyone) -> None:
    if not await csrf.holds(page.request):
        # Whose session is over has no token either, and first has to sign in again.
        raise Refused(403, "frame.csrf_missing") if page.signed_in or page.is_for_anyone else SignInNeeded


async def _nothing_here(page: Anyone) -> None:
    raise Refused(404, "frame.nothing_here") if page.signed_in else SignInNeeded
