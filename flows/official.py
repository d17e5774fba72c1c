"""The account service's validators as formats that a flow accepts: official check digits, words from ``official.yaml``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from flows.accounts.masking import mask_code, mask_email, mask_ip, mask_name, mask_phone
from flows.accounts.validators import VALIDATORS, Valid, Validator
from flows.amounts import TRANSFER_AMOUNT
from flows.durations import DURATIONS
from flows.formats import DEFAULTS, Check, Format, Formats, Reason
from flows.model import Bilingual, Model, Phrases

WORDS = Path(__file__).with_name("official.yaml")

_MASKS: Mapping[str, Callable[[str], str]] = {
    "id_card": mask_code,
    "adult_id_card": mask_code,
    "uscc": mask_code,
    "organization_code": mask_code,
    "mobile": mask_phone,
    "phone": mask_phone,
    "email": mask_email,
    "ip": mask_ip,
    "code": lambda _: "******",
}


_NAME = Format(DEFAULTS["text"].check, names=Phrases(zh=("姓名", "名字"), en=("name",)), mask=mask_name)
"""A person's name: only its mask is its own. GEN-8."""


class _Described(Model):
    names: Phrases
    example: str
    pattern: str
    reasons: dict[str, Bilingual]


def official(today: Callable[[], date]) -> Formats:
    """Every format a flow may accept; ``today`` tells how old somebody is."""
    described = _described()
    formats: dict[str, Format] = {name: _format(name, described[name], validate, today) for name, validate in VALIDATORS.items()}
    account_hint = _either(formats["account_id"], formats["email"], "@")
    # A bare domain is more often no filed one, so only a filing is called one.
    filing = replace(_either(formats["domain"], formats["icp"], "[备证]"), names=formats["icp"].names)
    return MappingProxyType(
        {**DEFAULTS, **DURATIONS, **TRANSFER_AMOUNT, **formats, "account_hint": account_hint, "filing": filing, "name": _NAME}
    )


def _either(first: Format, second: Format, sign: str) -> Format:
    """One of two formats, the second one where the text holds its ``sign``: an account's ID or e-mail, a filed domain or number."""

    def of(text: str) -> Format:
        return second if re.search(sign, text) else first

    assert first.pattern
    assert second.pattern
    either = re.compile(f"{second.pattern.pattern}|{first.pattern.pattern}")
    names = Phrases(zh=(*first.names.zh, *second.names.zh), en=(*first.names.en, *second.names.en))
    return Format(lambda text: of(text).check(text), first.example, either, names, lambda value: of(value).mask(value))


def _format(name: str, described: _Described, validate: Validator, today: Callable[[], date]) -> Format:
    mask = _MASKS.get(name, DEFAULTS["text"].mask)
    return Format(_check(described, validate, today), described.example, re.compile(described.pattern), described.names, mask)


def _check(described: _Described, validate: Validator, today: Callable[[], date]) -> Check:
    def check(text: str) -> str | Reason:
        checked = validate(text, today())
        return checked.value if isinstance(checked, Valid) else Reason(described.reasons[checked.reason], described.example)

    return check


@cache
def _described() -> dict[str, _Described]:
    loaded = yaml.load(WORDS.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506  # makes nothing but strings
    return {name: _Described.model_validate(fields) for name, fields in loaded.items()}
