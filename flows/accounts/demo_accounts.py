"""The demo company's documents."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from flows.accounts.account import (
    Account,
    Billing,
    Cancellation,
    Company,
    Contacts,
    Key,
    Kind,
    Lock,
    Login,
    LoginMethod,
    MfaDevice,
    MfaState,
    Password,
    Person,
    Project,
    Protections,
    Resource,
    User,
    Verification,
)
from flows.accounts.account.holder import VerificationRequest
from flows.accounts.base import Document
from flows.accounts.calendar import day_of, working_days_after
from flows.accounts.records import WecomEnterprise, WecomMember

SALT = b"demo-company-016"
MFA_SECRET = SecretStr("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
"""Of the demo devices: a well-known sample, so that any app can show its codes."""
PERSONS = {
    "li": Person(name="李明", id_number="11009919000307007X"),
    "wang": Person(name="王芳", id_number="440399198506150011"),
    "zhao": Person(name="赵敏", id_number="110099200811210014"),
}
"""Made up, like every number here; check digits are right."""
NAMES = {
    "li": ("李明（演示）", "Li Ming (demo)"),
    "wang": ("王芳（演示）", "Wang Fang (demo)"),
    "zhao": ("赵敏（演示）", "Zhao Min (demo)"),
    "stranger": ("陌生人（演示）", "A stranger (demo)"),
}
"""How the demo offers each person's face and scans."""
STRANGER = Person(name="陈安", id_number="110099199203150016")
"""Fits nobody's account."""
COMPANIES = (
    Company(name="示例云图科技有限公司", code="91440300MAXYXY019Q", representative=PERSONS["wang"]),
    Company(name="示例山海研究院", code="12110000MAXYXY027Q", representative=PERSONS["zhao"], institution=True),
)


class _Maker:
    """Makes accounts that differ only in what matters."""

    def __init__(self, now: datetime, password_hash: str) -> None:
        self.now = now
        self.ago = now - timedelta(days=400)
        self._hash = password_hash
        self._made = 0

    def account(self, nickname: str, *kinds: Kind, holder: str | None = None, **fields: Any) -> Account:
        """Registered with the first of its kinds, which answer the holder's scans; its security phone ends in its number."""
        self._made += 1
        number = self._made
        given: dict[str, Any] = {
            "appid": f"12500000{number:02}",
            "nickname": nickname,
            "registered_at": self.ago,
            "registered_with": kinds[0],
            "methods": tuple(self.method(kind, holder or str(number), number, is_registration=kind == kinds[0]) for kind in kinds),
            "contacts": Contacts(
                security_phone=f"138001380{number:02}",
                security_email=f"security{number}@example.com",
                contact_phone=f"139001390{number:02}",
                contact_email=f"contact{number}@example.com",
            ),
            "password": Password(hashes=(self._hash,), changed_at=self.ago) if "email" in kinds else Password(),
            "logins": (Login(at=self.ago, method=kinds[0], ip="119.29.29.29", city="深圳"),),
        }
        return Account(id=f"1000000000{number:02}", **(given | fields))

    def method(self, kind: Kind, holder: str, number: int, *, is_registration: bool) -> LoginMethod:
        """An identity of its holder, or of the account's own."""
        identity = f"user{number}@example.com" if kind == "email" else holder if kind == "wecom" else f"{kind}-{holder}"
        return LoginMethod(kind=kind, identity=identity, is_registration=is_registration, bound_at=self.ago)

    def verified(self, holder: Person | Company) -> Verification:
        """Verified long ago."""
        status = "personal" if isinstance(holder, Person) else "enterprise"
        return Verification(status=status, entity=holder, verified_at=self.ago)

    def device(self) -> MfaState:
        """A bound device."""
        return MfaState(device=MfaDevice(kind="mini_program", secret=MFA_SECRET, bound_at=self.ago, bound_with="phone_code"))


def demo_documents(now: datetime, password_hash: str) -> tuple[Document, ...]:
    """All accounts and the WeCom enterprise."""
    make = _Maker(now, password_hash)
    return (*_working(make), *_in_trouble(make), *_leaving(make), *_enterprises())


def _working(make: _Maker) -> tuple[Account, ...]:
    """1 the company, 2 its second account whose device is lost, 3 a person, 4 that person's account whose device is lost."""
    company, li = make.verified(COMPANIES[0]), make.verified(PERSONS["li"])
    lost = Protections(login="mfa", operation="mfa")
    return (
        make.account("云图主账号", "wechat", "email", "qq", holder="wang", verification=company, wecom="ww-demo", **_estate(make)),
        make.account("云图备用账号", "email", "wecom", holder="wang", verification=company, mfa=make.device(), protections=lost),
        make.account("李明的账号", "wechat", "email", holder="li", verification=li, mfa=make.device()),
        make.account("李明的旧账号", "qq", "email", holder="li", verification=li, mfa=make.device(), protections=lost),
    )


def _estate(make: _Maker) -> dict[str, Any]:
    """Users, keys, projects and resources of the company."""
    return {
        "industry": "internet",
        "products": ("CVM", "COS", "CDN"),
        "users": (
            User(id="200000000001", kind="sub_user", name="zhao", created_at=make.ago, keys=(Key(id="AKID-1"),), wecom_member="zhao"),
            User(id="200000000002", kind="sub_user", name="admin", created_at=make.ago, policies=("AdministratorAccess",)),
            User(id="200000000003", kind="collaborator", name="partner", created_at=make.ago),
        ),
        "keys": (Key(id="AKID-root", state="disabled"),),
        "projects": (Project(id="1", name="官网"), Project(id="2", name="旧活动", disabled=True)),
        "resources": (
            Resource(id="ins-1", kind="cvm", name="119.29.29.29", project="1"),
            Resource(id="dom-1", kind="domain", name="example.com"),
            Resource(id="icp-1", kind="icp_filing", name="粤ICP备12345678号", site="example.com"),
        ),
    }


def _in_trouble(make: _Maker) -> tuple[Account, ...]:
    """5 one login method, 6 no check method, 7 arrears, 8 locked, 9 a transfer on its way, 10 revoked."""
    li, first, second = make.verified(PERSONS["li"]), COMPANIES[0], COMPANIES[1]
    transfer = VerificationRequest(
        kind="first",
        state="transfer_pending",
        entity=second,
        method="bank_transfer",
        opened_at=make.now,
        deadline=make.now + timedelta(days=7),
        amount_fen=37,
        arrived_at=make.now,
    )
    locked = Lock(day=day_of(make.now), wrong=10, first_wrong=make.now, locked_until=make.now + timedelta(hours=1))
    return (
        make.account("只有邮箱", "email"),
        make.account("没有校验方式", "email", contacts=Contacts()),
        make.account("欠费冻结", "wechat", "email", verification=li, freeze_reasons=("arrears",), billing=Billing(arrears_fen=12_300)),
        make.account("密码锁定", "email", "qq", lock=locked),
        make.account("等待打款金额", "email", "wechat", verification=Verification(status="in_progress", request=transfer)),
        make.account("认证已撤销", "email", "wechat", verification=Verification(status="revoked", entity=first, verified_at=make.ago)),
    )


def _leaving(make: _Maker) -> tuple[Account, ...]:
    """11 ready to cancel, 12 cooling off, 13 in review, 14 cancelled, 15 a leaver's account, 16 a server left, 17 changing its holder."""
    zhao = make.verified(PERSONS["zhao"])
    vouchers = (Resource(id="v-1", kind="voucher"), Resource(id="cdn-1", kind="cdn_package"))
    unhandled = (Resource(id="ins-2", kind="cvm", name="119.28.28.28"), Resource(id="sms-1", kind="sms_package"))
    unsettled = (Resource(id="cos-1", kind="cos", postpaid=True, unsettled=True),)
    cooling = Cancellation(
        state="cooling_off", touched_at=make.now, reasons=("no_longer_using",), cooling_until=make.now + timedelta(days=12)
    )
    review = Cancellation(state="in_review", touched_at=make.now, review_until=working_days_after(make.now, 3))
    scan = Protections(login="wechat_scan", operation="wechat_scan")
    return (
        make.account("准备注销", "wechat", "email", holder="zhao", verification=zhao, resources=vouchers),
        make.account("冷静期中", "wechat", verification=zhao, resources=unsettled, cancellation=cooling),
        make.account("注销审核中", "email", verification=make.verified(COMPANIES[1]), cancellation=review),
        make.account("已注销", "email", cancellation=Cancellation(state="cancelled", touched_at=make.ago)),
        make.account("离职员工的账号", "wechat", verification=make.verified(COMPANIES[0]), protections=scan),
        make.account("旧测试账号", "email", "qq", resources=unhandled),
        make.account("要转给公司的账号", "email", "wechat", verification=_to_a_company(make.now)),
    )


def _to_a_company(now: datetime) -> Verification:
    """Verified for a person ten days ago; the recharge for the company has not arrived."""
    person = Person(name="孙静", id_number="110099199505200015")
    company = Company(name="示例晨星商贸有限公司", code="52310000MAXYXY035W", representative=person)
    recharge = VerificationRequest(
        kind="personal_to_enterprise",
        state="recharge_pending",
        entity=company,
        method="recharge",
        opened_at=now,
        deadline=now + timedelta(days=7),
        amount_fen=52,
    )
    return Verification(status="personal", entity=person, verified_at=now - timedelta(days=10), request=recharge)


def _enterprises() -> tuple[WecomEnterprise, ...]:
    """One linked to the first account, Zhao is in its visible scope, Li is not; and a stranger's, not linked yet."""
    company = WecomEnterprise(
        id="ww-demo",
        name="示例云图",
        administrators=("wang",),
        members=(WecomMember(id="wang", name="王芳"), WecomMember(id="zhao", name="赵敏"), WecomMember(id="li", name="李明")),
        app_added=True,
        mode="by_administrator",
        scope_members=("wang", "zhao"),
        account="100000000001",
    )
    return company, WecomEnterprise(id="ww-elsewhere", name="示例山海", administrators=("stranger",))
