"""What support agents may do."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["agent", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""Each may do what those before it may."""
