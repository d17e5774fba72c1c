"""Assembles the application: settings in, an ASGI app out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from assistant.dialogue import Dialogue
from assistant.knowledge import Knowledge
from assistant.message import now
from assistant.store import ConversationStore, Database
from web import console, problems
from web.accounts import accounts_from, demo_from
from web.api import chat, checklists, lookup, operations
from web.api import demo as demo_api
from web.channels import wecom_routes
from web.channels.doors import open_doors
from web.context import Context
from web.keys import cipher_from, identity_secret
from web.limits import Limits
from web.middleware import Guard, policy
from web.phrasings import Phrasings
from web.settings import Settings
from web.version import VERSION

HERE = Path(__file__).parent


def create_app(settings: Settings, knowledge: Knowledge, clock: Callable[[], datetime] = now) -> FastAPI:
    """The application; its database is opened and migrated when it starts. The account service goes by the ``clock``."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = Database(settings.database)
        await database.migrate()
        cipher = cipher_from(settings)
        async with accounts_from(settings, cipher, clock) as accounts_in:
            store = ConversationStore(database, cipher, accounts_in)
            demo = demo_from(settings, database, cipher)
            if demo:
                await demo.found()
            limits = Limits(settings)
            phrasings = Phrasings(knowledge, database)
            await phrasings.start()
            app.state.context = Context(
                settings=settings,
                database=database,
                knowledge=phrasings.knowledge,
                store=store,
                dialogue=Dialogue(phrasings.knowledge, store),
                limits=limits,
                accounts_in=accounts_in,
                phrasings=phrasings,
                identity_secret=identity_secret(settings),
                demo=demo,
            )
            async with open_doors(settings, database, cipher, app.state.context.dialogue) as app.state.wecom:
                yield
            await phrasings.stop()
            limits.close()
        await database.close()

    app = FastAPI(title="Account Assistant", version=VERSION, lifespan=lifespan, redoc_url=None)
    problems.install(app)
    for module in (chat, checklists, demo_api, lookup, operations, wecom_routes):
        app.include_router(module.router)
    console.install(app)
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
        demo = settings.demo_mode and demo_api.may_be_shown(request, settings)
        return templates.TemplateResponse(request, "index.html", {"version": VERSION, "demo": demo})

    @app.get("/frame", response_class=HTMLResponse, include_in_schema=False)
    async def frame(request: Request) -> HTMLResponse:
        """The widget alone, for an iframe on the pages of the allowed origins."""
        headers = {"Content-Security-Policy": policy(frame_ancestors=hosts)}
        return templates.TemplateResponse(request, "frame.html", {"lang": request.query_params.get("lang", "auto")}, headers=headers)
