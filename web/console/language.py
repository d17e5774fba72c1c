"""The language switch."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from kb.entry import Lang
from web.console.page import LANGUAGE, Anyone

router = APIRouter()

_YEAR = 365 * 24 * 3600


@router.get("/language/{lang}")
async def choose(page: Anyone, lang: Lang, back: str = "/console") -> Response:
    """Keep the language and go back."""
    response = page.redirect(own_path(back))
    page.set_cookie(response, LANGUAGE, lang, _YEAR)
    return response


def own_path(address: str) -> str:
    """The address if it is one of the console's; the front page for any other."""
    inside = address == "/console" or address.startswith(("/console/", "/console?"))
    return address if inside and "\\" not in address and address.isprintable() else "/console"
