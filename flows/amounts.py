"""The amount of a verification transfer as people type it: "0.37", "0.37 元", "37 分"; its normal form is fen. RN-13."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from flows.accounts.rules.verification_payments import AMOUNTS
from flows.formats import Format, Formats, Reason
from flows.model import Bilingual, Phrases

_FEN: Mapping[str, int] = MappingProxyType({"": 100, "元": 100, "块": 100, "yuan": 100, "rmb": 100, "cny": 100, "分": 1, "fen": 1})
_UNIT = "|".join(filter(None, _FEN))
_AMOUNT = re.compile(rf"[¥￥]?(\d{{1,4}}(?:\.\d+)?)({_UNIT})?", re.IGNORECASE)
_IN_A_SENTENCE = re.compile(
    rf"[¥￥]?(?<![\d.])(?:0?\.\d{{1,2}}|\d{{1,4}}(?:\.\d+)?(?=\s*(?:{_UNIT})))\s*(?:{_UNIT})?(?![\d.])", re.IGNORECASE
)
_REASON = Reason(
    Bilingual(
        zh="打款金额是 0.01 到 0.99 元，请照银行流水填写",
        en="The amount is 0.01 to 0.99 yuan; please enter what the bank statement shows",
    ),
    "0.37",
)


def _fen(text: str) -> str | Reason:
    match = _AMOUNT.fullmatch(re.sub(r"\s", "", text).removesuffix("钱"))
    if match is None:
        return _REASON
    fen = Fraction(match[1]) * _FEN[(match[2] or "").lower()]
    return str(fen) if fen in range(AMOUNTS[0], AMOUNTS[1] + 1) else _REASON


TRANSFER_AMOUNT: Formats = MappingProxyType(
    {"transfer_amount": Format(_fen, "0.37", _IN_A_SENTENCE, Phrases(zh=("金额",), en=("amount",)), lambda value: value)}
)
"""What a company reports. RN-14."""
