"""Imports every area, so that its handlers are known."""

from flows.accounts.stub import account_info, contacts, ground, login_methods, mfa, password, protection, sessions

__all__ = ["account_info", "contacts", "ground", "login_methods", "mfa", "password", "protection", "sessions"]
