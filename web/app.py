"""Assembles the application: settings in, an ASGI app out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from assistant.dialogue import Dialogue
from assistant.knowledge import Knowledge
from assistant.store import ConversationStore, Database
from web import problems
from web.api import chat, lookup, operations
from web.context import Context
from web.limits import Limits
from web.middleware import Guard, policy
from web.settings import Settings
from web.version import VERSION

HERE = Path(__file__).parent


def create_app(settings: Settings, knowledge: Knowledge) -> FastAPI:
    """The application; its database is opened and migrated when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = Database(settings.database)
        await database.migrate()
        store = ConversationStore(database)
        limits = Limits(settings)
        app.state.context = Context(settings, database, knowledge, store, Dialogue(knowledge, store), limits)
        yield
        limits.close()
        await database.close()

    app = FastAPI(title="Account Assistant", version=VERSION, lifespan=lifespan, redoc_url=None)
    problems.install(app)
    for module in (chat, lookup, operations):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    _add_pages(app, settings)
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type", "last-event-id"],
            expose_headers=["x-request-id", "retry-after"],
        )
    app.add_middleware(Guard, body_limit=settings.body_limit)
    return app


def _add_pages(app: FastAPI, settings: Settings) -> None:
    templates = Jinja2Templates(HERE / "templates")
    hosts = " ".join(("'self'", *settings.cors_origins))

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def demo_page(request: Request) -> HTMLResponse:
        """The page that shows the widget."""
        return templates.TemplateResponse(request, "index.html", {"version": VERSION, "demo": True})

    @app.get("/frame", response_class=HTMLResponse, include_in_schema=False)
    async def frame(request: Request) -> HTMLResponse:
        """The widget alone, for an iframe on the pages of the allowed origins."""
        headers = {"Content-Security-Policy": policy(frame_ancestors=hosts)}
        return templates.TemplateResponse(request, "frame.html", {"lang": request.query_params.get("lang", "auto")}, headers=headers)
