"""Every command by its operation's name, as the protocols list them."""

import importlib
import pkgutil
from functools import cache
from types import MappingProxyType
from typing import Any

from flows.accounts import commands
from flows.accounts.commands.base import Change, Command, Query, operation_name


@cache
def operations() -> MappingProxyType[str, type[Command[Any]]]:
    """``set_nickname`` → ``SetNickname``, and so on."""
    found: dict[str, type[Command[Any]]] = {}
    for module in pkgutil.iter_modules(commands.__path__):
        area = importlib.import_module(f"{commands.__name__}.{module.name}")
        for command in vars(area).values():
            if isinstance(command, type) and issubclass(command, Change | Query) and command.__module__ == area.__name__:
                found[operation_name(command)] = command
    for generic in ("change", "query"):
        found.pop(generic, None)
    return MappingProxyType({name: command for name, command in sorted(found.items()) if "[" not in name})
