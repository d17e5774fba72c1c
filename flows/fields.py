"""Named fields: the secrets that a step needs together, what each is called, and how a channel lets it be typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flows.blocks import InputField
from flows.model import Bilingual, FieldName, Lang


@dataclass(frozen=True, slots=True)
class _Field:
    label: Bilingual
    format: str


_FIELDS: Mapping[FieldName, _Field] = MappingProxyType(
    {
        "reset_link": _Field(Bilingual(zh="邮件里的重设链接", en="Reset link of the mail"), "text"),
        "code": _Field(Bilingual(zh="6 位验证码", en="6-digit code"), "code"),
        "old_password": _Field(Bilingual(zh="旧密码", en="Old password"), "password"),
        "new_password": _Field(Bilingual(zh="新密码", en="New password"), "new_password"),
        "new_password_again": _Field(Bilingual(zh="再输一遍新密码", en="New password again"), "repetition"),
    }
)


def input_field(name: FieldName, lang: Lang) -> InputField:
    """One field of an input, in the language of the conversation."""
    known = _FIELDS[name]
    return InputField(name=name, label=known.label[lang], format=known.format)
