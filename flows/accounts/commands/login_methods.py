"""Login methods: list, bind, change, unbind."""

from datetime import datetime
from typing import ClassVar, Literal

from flows.accounts.account import Kind
from flows.accounts.base import Model, Outcome, Secret
from flows.accounts.commands.base import Change, Formats, Query, Who


class MethodShown(Model):
    """One method, masked; a method frozen by its own platform points to another way in. LM-19."""

    kind: Kind
    identity: str
    is_registration: bool
    bound_at: datetime
    way_in: Literal["apply_for_login", "recovery"] | None = None


class MethodsShown(Model):
    """All bound methods."""

    methods: tuple[MethodShown, ...]


class ListLoginMethods(Query[MethodsShown]):
    """The bound methods, and which one is the registration method."""


class Condition(Model):
    """One condition: met, or what is in the way."""

    name: str
    met: bool
    in_the_way: tuple[str, ...] = ()


class UnbindConditions(Model):
    """Every condition of unbinding. LM-10, LM-12."""

    conditions: tuple[Condition, ...]


class CheckUnbind(Query[UnbindConditions]):
    """What unbinding this method would need."""

    kind: Kind


class _NewIdentity(Model):
    """The proof of a new identity: a scan or authorization, or an address with a new password and a code. LM-3."""

    kind: Kind
    scan: str | None = None
    email: str | None = None
    password: Secret | None = None
    code: Secret | None = None


class BindLoginMethod(_NewIdentity, Change[Outcome[Literal["bound"]]]):
    """Add a login method. LM-3."""

    who: ClassVar[Who] = "checked"
    tells: ClassVar[bool] = True
    formats: ClassVar[Formats] = {"email": ("email", "bad_email"), "code": ("code", "bad_code")}


class ChangeLoginMethod(_NewIdentity, Change[Outcome[Literal["changed"]]]):
    """Replace a login method's identity; an e-mail may take security and contact e-mail along. LM-7, LM-8."""

    who: ClassVar[Who] = "checked"
    tells: ClassVar[bool] = True
    formats: ClassVar[Formats] = {"email": ("email", "bad_email"), "code": ("code", "bad_code")}
    sync: bool = False


class UnbindLoginMethod(Change[Outcome[Literal["unbound"]]]):
    """Take a login method off. LM-2, LM-9, LM-10."""

    who: ClassVar[Who] = "checked"
    tells: ClassVar[bool] = True
    kind: Kind
