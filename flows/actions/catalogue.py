"""Every action of the flows, ready to run."""

from __future__ import annotations

from flows.actions import (
    appeals,
    applying,
    cancellation,
    contacts,
    identity,
    login_methods,
    mfa,
    offboarding,
    offboarding_own,
    password,
    projects,
    proofs,
    protection,
    recovery,
    tickets,
    verification,
    wecom,
)
from flows.actions.run import Actions

MODULES = (
    appeals,
    applying,
    cancellation,
    contacts,
    identity,
    login_methods,
    mfa,
    offboarding,
    offboarding_own,
    password,
    projects,
    proofs,
    protection,
    recovery,
    tickets,
    verification,
    wecom,
)

ACTIONS = Actions(*MODULES)
