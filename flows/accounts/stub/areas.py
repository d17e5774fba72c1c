"""Imports every area, so that its handlers are known."""

from flows.accounts.stub import (
    account_info,
    appeals,
    applying,
    contacts,
    ground,
    login_methods,
    mfa,
    password,
    protection,
    recovery,
    sessions,
    tickets,
)

__all__ = [
    "account_info",
    "appeals",
    "applying",
    "contacts",
    "ground",
    "login_methods",
    "mfa",
    "password",
    "protection",
    "recovery",
    "sessions",
    "tickets",
]
