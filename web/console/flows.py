"""The guided flows: what they ask and do, as a diagram and as text."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from fastapi.responses import Response
from markupsafe import Markup

from flows.draw import draw
from flows.outline import outline
from kb.entry import Entry
from web.console.diagram import draw_svg
from web.console.page import AsAgent, Page, Refused

router = APIRouter(prefix="/flows")


@router.get("")
async def show_all(page: AsAgent) -> Response:
    """All flows."""
    flows = sorted(page.shared.knowledge.flows.values(), key=lambda flow: flow.id)
    return page.render(
        "flows.html",
        flows=flows,
        outlines={flow.id: outline(flow, page.lang) for flow in flows},
        answers={flow.id: _leading_to(flow.id, page) for flow in flows},
    )


@router.get("/{flow_id}")
async def show(page: AsAgent, flow_id: str) -> Response:
    """One flow."""
    flow = page.shared.knowledge.flows.get(flow_id)
    if flow is None:
        raise Refused(404, "frame.nothing_here")
    # A flow of a hundred steps takes a tenth of a second, in which others go on.
    diagram = await asyncio.to_thread(draw_svg, flow, page.lang)
    return page.render(
        "flow.html",
        flow=flow,
        diagram=Markup(diagram),  # noqa: S704  # our own SVG: every text in it is escaped
        mermaid=draw(flow, page.lang),
        steps=outline(flow, page.lang),
        entries=_leading_to(flow.id, page),
    )


def _leading_to(flow_id: str, page: Page) -> list[Entry]:
    return [entry for entry in page.shared.knowledge.entries(page.lang) if entry.flow == flow_id]
