"""What WeCom's doors say themselves, in both languages."""

from __future__ import annotations

from kb.entry import Lang

_UNREADABLE = ("image", "voice", "video", "file", "location", "link")

_TEXTS: dict[str, dict[Lang, str]] = {
    "image": {
        "zh": "我看不了图片。请用一两句话描述图里的内容，比如页面上的报错文字。",
        "en": "I cannot read pictures. Please tell me in a sentence or two what it shows, such as the error text on the page.",
    },
    "voice": {"zh": "我听不了语音，请把问题打成文字发给我。", "en": "I cannot listen to voice messages. Please type your question."},
    "video": {"zh": "我看不了视频，请把问题打成文字发给我。", "en": "I cannot watch videos. Please type your question."},
    "file": {"zh": "我打不开文件，请把问题打成文字发给我。", "en": "I cannot open files. Please type your question."},
    "location": {
        "zh": "我用不上位置信息。请直接输入你的账号问题。",
        "en": "I have no use for a location. Please type your question about your account.",
    },
    "link": {
        "zh": "我打不开链接。请把你想问的内容直接写出来。",
        "en": "I cannot open links. Please write out what you would like to know.",
    },
    "other": {"zh": "我只看得懂文字，请把问题打成文字发给我。", "en": "I can only read text. Please type your question."},
    "empty": {
        "zh": "我没有看到文字。请用一句话描述你的账号问题。",
        "en": "I see no words there. Please describe your account problem in a sentence.",
    },
    "too-long": {
        "zh": "这条消息太长了，最多 {limit} 个字符，请分几条发送。",
        "en": "That message is too long: {limit} characters at most. Please send it in parts.",
    },
    "working": {"zh": "正在处理，请稍等……", "en": "Working on it, one moment…"},
    "later": {
        "zh": "还需要一点时间，结果出来后我会发给你。",
        "en": "This takes a little longer. I will send you the answer when I have it.",
    },
    "sent": {"zh": "回答见下一条消息。", "en": "The answer is in the next message."},
    "gone": {"zh": "这条回答已经取不到了，请再问一次。", "en": "That answer is no longer available. Please ask again."},
    "choose": {"zh": "请选择", "en": "Please choose"},
    "choose-several": {"zh": "请选择，可多选", "en": "Choose one or more"},
    "by-number": {"zh": "回复数字即可选择。", "en": "Reply with a number to choose."},
    "by-numbers": {"zh": "回复数字即可选择，多个数字用逗号隔开。", "en": "Reply with one or more numbers, separated by commas."},
    "submit": {"zh": "提交", "en": "Submit"},
    "chosen": {"zh": "已选：{label}", "en": "Chosen: {label}"},
    "example": {"zh": "例如：{example}", "en": "For example: {example}"},
    "fields": {"zh": "依次是：{labels}", "en": "In this order: {labels}"},
    "sources": {"zh": "来源：", "en": "Sources:"},
    "ticket": {"zh": "工单 {id}：{status}", "en": "Ticket {id}: {status}"},
    "picture": {
        "zh": "［图片：{alt}］这里显示不了，请在网页版查看。",
        "en": "[Picture: {alt}] It cannot be shown here; please open the web version.",
    },
    "agent": {"zh": "人工客服：", "en": "Support agent:"},
    "author": {"zh": "客服 {author}：", "en": "Agent {author}:"},
}


def text(name: str, lang: Lang, **values: object) -> str:
    """The sentence of this name in this language; raises ``KeyError`` for a name that does not exist."""
    return _TEXTS[name][lang].format(**values)


def unreadable(kind: str, lang: Lang) -> str:
    """What to say to a message that is not words."""
    return text(kind if kind in _UNREADABLE else "other", lang)
