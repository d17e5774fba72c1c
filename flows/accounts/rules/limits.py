"""Quotas, one table read by all areas. LIM."""

from types import MappingProxyType

REGISTERED_PER_IDENTITY = 1
"""Root accounts registered with one e-mail, QQ, WeChat, official account or WeCom identity. LIM-1, LIM-2, LIM-3, LIM-4, LIM-5."""
ACCOUNTS_PER_SECURITY_PHONE = 5
"""LIM-6, guide-zh:47."""
ACCOUNTS_PER_PERSON = 3
"""LIM-7, guide-zh:48."""
ACCOUNTS_PER_ENTERPRISE = 10
"""More by the account manager. LIM-8, LIM-19, guide-zh:49, 59."""
ACCOUNTS_PER_WECHAT = 50
"""LIM-9, guide-zh:50."""
ACCOUNTS_PER_WECOM = 20
"""LIM-10, WX-13, guide-zh:51."""
ENTERPRISES_PER_REPRESENTATIVE = 20
"""LIM-11, guide-zh:52."""
ACCOUNTS_PER_OTHER_IDENTITY = 1
"""One QQ, e-mail or official account. LIM-12, guide-zh:444."""
DAYS_BETWEEN_VERIFICATIONS = 30
"""LIM-13, guide-zh:53."""
ENTERPRISE_NAME_LENGTH = 5
"""LIM-14, guide-zh:54."""
WRONG_PASSWORDS = 10
"""LIM-15, guide-zh:55."""
USERS = 1000
"""Sub-users and collaborators together. LIM-16, faq-zh:87."""
ENTITIES_PER_ACCOUNT = 1
"""LIM-17, faq-zh:473."""

TABLE = MappingProxyType(
    {
        "LIM-1": REGISTERED_PER_IDENTITY,
        "LIM-2": REGISTERED_PER_IDENTITY,
        "LIM-3": REGISTERED_PER_IDENTITY,
        "LIM-4": REGISTERED_PER_IDENTITY,
        "LIM-5": REGISTERED_PER_IDENTITY,
        "LIM-6": ACCOUNTS_PER_SECURITY_PHONE,
        "LIM-7": ACCOUNTS_PER_PERSON,
        "LIM-8": ACCOUNTS_PER_ENTERPRISE,
        "LIM-9": ACCOUNTS_PER_WECHAT,
        "LIM-10": ACCOUNTS_PER_WECOM,
        "LIM-11": ENTERPRISES_PER_REPRESENTATIVE,
        "LIM-12": ACCOUNTS_PER_OTHER_IDENTITY,
        "LIM-13": DAYS_BETWEEN_VERIFICATIONS,
        "LIM-14": ENTERPRISE_NAME_LENGTH,
        "LIM-15": WRONG_PASSWORDS,
        "LIM-16": USERS,
        "LIM-17": ENTITIES_PER_ACCOUNT,
    }
)
"""Every quota by its rule."""
