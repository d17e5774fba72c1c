"""The console's places, in the order in which they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.roles import ROLES, Role


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation: its name also is the icon's and, as ``frame.nav_<name>``, the label's."""

    name: str
    path: str
    role: Role = "agent"


PLACES = (
    Place("lookup", "/console"),
    Place("inbox", "/console/inbox"),
    Place("tickets", "/console/tickets"),
    Place("improve", "/console/improve", "editor"),
    Place("insights", "/console/insights"),
    Place("knowledge", "/console/knowledge"),
    Place("flows", "/console/flows"),
    Place("agents", "/console/agents", "admin"),
    Place("audit", "/console/audit", "admin"),
    Place("account", "/console/account"),
)


def may(role: Role, needed: Role) -> bool:
    """Whether a role includes another."""
    return ROLES.index(role) >= ROLES.index(needed)


def places(role: Role) -> list[Place]:
    """The places that this role may enter."""
    return [place for place in PLACES if may(role, place.role)]


def current(path: str) -> str | None:
    """The name of the place that an address belongs to."""
    inside = [place for place in PLACES if path == place.path or (place.path != "/console" and path.startswith(f"{place.path}/"))]
    return inside[0].name if inside else None
