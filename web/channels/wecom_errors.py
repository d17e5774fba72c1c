"""WeCom's error codes: whether the server tries again, and what the person who runs the doctor can do about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Remedy = Literal["again", "token", "mend", "give-up"]
"""Try again later; get a new token first; somebody has to change a setting (later attempts may work); this item never will."""


@dataclass(frozen=True, slots=True)
class Known:
    """One error code."""

    remedy: Remedy
    zh: str
    en: str


ERRORS: dict[int, Known] = {
    -1: Known("again", "企业微信繁忙：过一分钟再运行一次本检查。", "WeCom is busy: run this check again in a minute."),
    40001: Known(
        "mend",
        "Secret 不对：在管理后台打开该应用，重新复制 Secret。",
        "The Secret is wrong: open the application in the admin console and copy its Secret again.",
    ),
    40003: Known("give-up", "成员 UserID 无效：该成员可能已离职或被移除。", "The member's UserID is not valid: they may have left."),
    40008: Known("give-up", "消息类型不被支持。", "The type of message is not supported."),
    40013: Known("mend", "企业 ID 不对：在“我的企业”页面底部查看。", "The corp ID is wrong: find it at the bottom of “My Company”."),
    40014: Known(
        "token",
        "刚取得的 access_token 无效：再运行一次本检查；如果仍然这样，检查是否有代理改写或缓存请求。",
        "The access token just fetched is not valid: run this check again; if that stays, see whether a proxy changes or caches requests.",
    ),
    40056: Known("mend", "AgentId 不对：在应用详情页查看。", "The AgentId is wrong: find it on the application's page."),
    40058: Known("give-up", "参数有误或内容过长。", "A parameter is wrong or the content is too long."),
    40091: Known(
        "mend",
        "Secret 不对：请确认用的是该应用自己的 Secret。",
        "The Secret is wrong: make sure it is this application's own.",
    ),
    41001: Known(
        "token",
        "请求到达时没有 access_token：检查代理是否去掉了地址里的参数。",
        "The request arrived without its access token: see whether a proxy strips the query from addresses.",
    ),
    42001: Known(
        "token",
        "刚取得的 access_token 已过期：再运行一次本检查；如果仍然这样，检查代理是否缓存请求。",
        "The access token just fetched has expired: run this check again; if that stays, see whether a proxy caches requests.",
    ),
    44004: Known("give-up", "文本内容为空。", "The text is empty."),
    45002: Known("give-up", "内容超过长度限制。", "The content is longer than WeCom allows."),
    45009: Known(
        "again",
        "调用过于频繁：等一分钟（超过每小时上限时等一小时）再运行本检查，并查看还有谁在用同一个应用或机器人。",
        "Too many calls: wait a minute (an hour if the hourly limit was passed), then run this check again, and see who else uses the same "
        "application or robot.",
    ),
    45033: Known(
        "again",
        "并发调用过多：过一分钟再运行一次本检查。",
        "Too many calls at once: run this check again in a minute.",
    ),
    48002: Known(
        "mend",
        "应用没有这个接口的权限：在应用详情页检查可见范围和权限。",
        "The application may not use this interface: check its visible scope and permissions.",
    ),
    60011: Known(
        "mend",
        "应用无权访问该成员：把成员加入应用的可见范围。",
        "The application may not reach this member: add them to its visible scope.",
    ),
    60020: Known(
        "mend",
        "服务器 IP 不可信：在应用详情页的“企业可信IP”里加入本服务器的出口 IP。",
        "This server's IP is not trusted: add its outgoing IP under “Company's Trusted IP” on the application's page.",
    ),
    81013: Known(
        "give-up",
        "接收人都不在应用的可见范围内，或已离职。",
        "None of the receivers is within the application's visible scope, or they have left.",
    ),
    93000: Known(
        "mend",
        "群机器人的 key 无效：在群里重新查看机器人的 Webhook 地址。",
        "The group robot's key is not valid: look its webhook address up again in the group.",
    ),
}
_UNKNOWN = Known(
    "again", "未知的错误码，请查企业微信文档的“全局错误码”。", "An unknown code; see “Global error codes” in WeCom's documentation."
)


def known(code: int) -> Known:
    """What is known of an error code."""
    return ERRORS.get(code, _UNKNOWN)
