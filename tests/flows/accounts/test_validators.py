from datetime import date

import pytest

from flows.accounts.commands.ground import Validate
from flows.accounts.validators import ValidatorName, online_change

from .world import STRANGER, World

TODAY = date(2026, 11, 21)


async def _check(world: World, validator: ValidatorName, text: str) -> str:
    checked = await world.done(Validate(validator=validator, text=text), STRANGER)
    return checked.value or checked.outcome


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("110099190003070002", "110099190003070002"),
        (" 11009919000307007x ", "11009919000307007X"),
        ("440399 19850615 0011", "440399198506150011"),
        ("110099190003070003", "checksum"),
        ("110099190002300013", "birth_date"),
        ("990099190003070002", "region"),
        ("440399850615001", "format"),
    ],
)
async def test_val_id(world: World, text: str, expected: str) -> None:
    assert await _check(world, "id_card", text) == expected


@pytest.mark.parametrize(
    ("days", "text", "expected"),
    [(1, "110099200811210014", "110099200811210014"), (1, "11009920081122001X", "under_18"), (0, "110099200811210014", "under_18")],
)
async def test_val_id_of_an_adult(world: World, days: int, text: str, expected: str) -> None:
    world.wait(days=days)
    assert await _check(world, "adult_id_card", text) == expected


@pytest.mark.parametrize(
    ("validator", "text", "expected"),
    [
        ("uscc", "91440300-maxyxy019q", "91440300MAXYXY019Q"),
        ("uscc", "12110000MAXYXY027Q", "12110000MAXYXY027Q"),
        ("uscc", "52310000MAXYXY035W", "52310000MAXYXY035W"),
        ("uscc", "91440300MAXYXY019R", "checksum"),
        ("uscc", "91440300MAXYXYO19Q", "format"),
        ("uscc", "440301103456789", "format"),
        ("organization_code", "440301103456789", "440301103456789"),
        ("organization_code", "12345", "format"),
    ],
)
async def test_val_uscc(world: World, validator: ValidatorName, text: str, expected: str) -> None:
    assert await _check(world, validator, text) == expected
    assert online_change("91440300MAXYXY019Q")
    assert not online_change("12110000MAXYXY027Q")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13800138000", "13800138000"),
        ("+86 199 0000 0000", "19900000000"),
        ("155-0000-0000", "15500000000"),
        ("12800138000", "format"),
        ("1380013800", "format"),
        ("+852 9123 4567", "format"),
    ],
)
async def test_val_mobile(world: World, text: str, expected: str) -> None:
    assert await _check(world, "mobile", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("li.ming@Example.com", "li.ming@example.com"),
        ("ops+cloud@mail.example.cn", "ops+cloud@mail.example.cn"),
        ("A_b@sub.example.org", "A_b@sub.example.org"),
        ("li..ming@example.com", "format"),
        ("li.ming@example", "format"),
        ("li ming@example.com", "format"),
        (f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 10}.com", "format"),
    ],
)
async def test_val_email(world: World, text: str, expected: str) -> None:
    assert await _check(world, "email", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("example.com", "example.com"),
        ("https://Shop.example.com.cn/a?b", "shop.example.com.cn"),
        ("例子.中国", "xn--fsqu00a.xn--fiqs8s"),
        ("example", "format"),
        ("-shop.example.com", "format"),
        ("119.29.29.29", "format"),
    ],
)
async def test_val_domain(world: World, text: str, expected: str) -> None:
    assert await _check(world, "domain", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("119.29.29.29", "119.29.29.29"),
        ("1.1.1.1", "1.1.1.1"),
        ("[2402:4e00::]", "2402:4e00::"),
        ("123.55.333.222", "format"),
        ("192.168.1.10", "not_public"),
        ("203.0.113.9", "not_public"),
        ("fe80::1", "not_public"),
    ],
)
async def test_val_ip(world: World, text: str, expected: str) -> None:
    assert await _check(world, "ip", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("粤ICP备12345678号", "粤ICP备12345678号"),
        ("京ICP备2021000001号-2", "京ICP备2021000001号-2"),
        ("沪icp备 00000001 号", "沪ICP备00000001号"),
        ("粤ICP证123456号", "license_not_filing"),
        ("ICP备12345678号", "format"),
        ("粤ICP备1234567号", "format"),
    ],
)
async def test_val_icp(world: World, text: str, expected: str) -> None:
    assert await _check(world, "icp", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1000 0000 0012", "100000000012"),
        ("1234567890", "1234567890"),
        ("13800138000", "13800138000"),
        ("012345678901", "format"),
        ("1000000000123", "format"),
        ("10000000001a", "format"),
    ],
)
async def test_val_account(world: World, text: str, expected: str) -> None:
    assert await _check(world, "account_id", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("012345", "012345"),
        ("943 495", "943495"),
        ("１２３４５６", "123456"),
        ("12345", "format"),
        ("1234567", "format"),
        ("12a456", "format"),
    ],
)
async def test_val_code(world: World, text: str, expected: str) -> None:
    assert await _check(world, "code", text) == expected
