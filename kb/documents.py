"""The source documents by the names that readers know them by."""

from kb.entry import Lang

_TITLES: dict[str, dict[Lang, str]] = {
    "faq-zh": {"zh": "账号相关 常见问题", "en": "Account FAQ (Chinese)"},
    "faq-en": {"zh": "About Account FAQs（英文）", "en": "About Account: FAQs"},
    "guide-zh": {"zh": "账号相关 操作指南", "en": "Account operation guide (Chinese)"},
    "offboarding-zh": {"zh": "员工离职指引", "en": "Employee offboarding guide (Chinese)"},
    "recovery-zh": {"zh": "找回账号指引", "en": "Account recovery guide (Chinese)"},
}


def document_title(doc: str, lang: Lang) -> str:
    """The title to show; a document that is not listed goes by its id."""
    return _TITLES.get(doc, {}).get(lang, doc)
