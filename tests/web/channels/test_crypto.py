"""The envelope against published vectors, and against wechatpy in both directions."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.enterprise.crypto import PrpCrypto

from tests.conftest import ROOT
from web.channels.wecom_crypto import Crypto, Refused, _unpad, aes_key
from web.channels.wecom_xml import encrypted_part, envelope, parse_callback, text_reply

VECTORS = json.loads((ROOT / "tests/data/wecom_vectors.json").read_text(encoding="utf-8"))
TOKEN, KEY, CORP = "vectortoken01", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "ww0123456789abcdef"
Vector = dict[str, Any]


def crypto_of(vector: Vector) -> Crypto:
    return Crypto(vector["token"], vector["encoding_aes_key"], vector["receiveid"])


def opened(vector: Vector) -> str:
    """What the vector's envelope holds, at the vector's time."""
    at = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    sealed: str = vector["encrypt"] if "encrypt" in vector else vector["echostr"]
    return crypto_of(vector).open(vector["msg_signature"], vector["timestamp"], vector["nonce"], sealed, at)


@pytest.mark.parametrize("vector", VECTORS["official"] + VECTORS["accept"], ids=lambda vector: vector["id"])
def test_published_envelopes_open_and_are_sealed_to_the_byte(vector: Vector) -> None:
    text = vector.get("plaintext") or vector["expect_plaintext"]
    assert opened(vector) == text
    sealed = crypto_of(vector).encrypt(text, vector["random16"].encode())
    assert sealed == vector.get("encrypt", vector.get("echostr"))
    assert crypto_of(vector).sign(vector["timestamp"], vector["nonce"], sealed) == vector["msg_signature"]


@pytest.mark.parametrize("vector", VECTORS["reject"], ids=lambda vector: vector["id"])
def test_what_is_wrong_is_refused(vector: Vector) -> None:
    with pytest.raises(Refused):
        opened(vector)


@pytest.mark.parametrize("vector", VECTORS["xml_hostile"], ids=lambda vector: vector["id"])
def test_hostile_xml_is_refused(vector: Vector) -> None:
    with pytest.raises(Refused):
        encrypted_part(vector["body"].encode())


def test_a_plus_that_became_a_space_is_refused() -> None:
    official, broken = VECTORS["official"][0], VECTORS["behaviour"][0]
    with pytest.raises(Refused):
        opened({**official, "echostr": broken["echostr"]})


def test_media_of_bots_have_the_same_cipher_without_a_frame() -> None:
    (vector,) = VECTORS["media"]
    crypto = Crypto("t", vector["encoding_aes_key"], "")
    plain = _unpad(crypto._decipher(vector["ciphertext_b64"]))  # noqa: SLF001 - media are not read, only their cipher is checked
    assert plain == base64.b64decode(vector["plaintext_b64"])


@pytest.mark.parametrize(
    "vector", [item for item in VECTORS["official"] + VECTORS["accept"] if "post_body" in item], ids=lambda item: item["id"]
)
def test_envelopes_are_read_from_their_bodies(vector: Vector) -> None:
    if vector["post_body"].startswith("<"):
        assert encrypted_part(vector["post_body"].encode()) == vector["encrypt"]
        callback = parse_callback(opened(vector))
        assert callback.user_id in {"zhangsan", "mycreate"}
        expected = vector.get("expect", {})
        assert callback.text == expected.get("Content", "")
        assert callback.task_id == expected.get("TaskId", "")
        assert dict(callback.selected) == {key: tuple(ids) for key, ids in expected.get("SelectedItems", {}).items()}


def test_a_reply_is_written_as_published() -> None:
    vector = next(item for item in VECTORS["accept"] if "reply_envelope" in item)
    assert text_reply("zhangsan", CORP, "您好，请在订单页申请退货。", 1700000001) == vector["plaintext"]
    assert envelope(vector["encrypt"], vector["msg_signature"], vector["timestamp"], vector["nonce"]) == vector["reply_envelope"]


@pytest.mark.parametrize("minutes", [-11, 11])
def test_an_old_or_future_time_is_refused(minutes: int) -> None:
    vector = VECTORS["accept"][0]
    at = datetime.fromtimestamp(int(vector["timestamp"]), UTC) + timedelta(minutes=minutes)
    with pytest.raises(Refused):
        crypto_of(vector).open(vector["msg_signature"], vector["timestamp"], vector["nonce"], vector["encrypt"], at)


@given(st.text(), st.sampled_from(["", CORP, "企业"]))
def test_wechatpy_reads_what_we_write_and_the_other_way_round(text: str, receiver: str) -> None:
    ours, theirs = Crypto(TOKEN, KEY, receiver), PrpCrypto(aes_key(KEY))
    assert theirs.decrypt(ours.encrypt(text), receiver) == text
    assert ours.decrypt(theirs.encrypt(text, receiver).decode()) == text


@given(st.text(), st.text(), st.text(), st.text())
def test_whatever_comes_is_refused_without_a_crash(signature: str, timestamp: str, nonce: str, sealed: str) -> None:
    crypto = Crypto(TOKEN, KEY, CORP)
    with pytest.raises(Refused):
        crypto.open(signature, timestamp, nonce, sealed)
    signed = crypto.sign(timestamp, nonce, sealed)
    with pytest.raises(Refused):
        crypto.open(signed, timestamp, nonce, sealed)


@given(st.binary(max_size=300))
def test_any_body_is_refused_without_a_crash(body: bytes) -> None:
    with pytest.raises(Refused):
        encrypted_part(body)


@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=["Cs"])))
def test_a_reply_holds_any_text(content: str) -> None:
    from defusedxml.ElementTree import fromstring

    legal = "".join(char for char in content if char not in "\ufffe\uffff")
    assert fromstring(text_reply("u", CORP, legal, 1)).findtext("Content") == legal.replace("\r", "\n")


@pytest.mark.parametrize("key", ["", "short", "x" * 44, "!" * 43, "é" * 43])
def test_a_key_that_is_none_is_named(key: str) -> None:
    with pytest.raises(ValueError, match="43 letters and digits"):
        aes_key(key)
