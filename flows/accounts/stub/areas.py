"""Imports every area, so that its handlers are known."""

from flows.accounts.stub import ground, mfa

__all__ = ["ground", "mfa"]
