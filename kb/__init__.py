"""The knowledge base: what the assistant knows, and how a question finds it.

Entries are Markdown files under ``faq_zh/`` and ``faq_en/``; the same path is the same entry in the other language.
``load`` reads them into ``entry.Entry`` values and reports mistakes as ``file:line: message``. ``text`` turns what people
type into features, ``index`` keeps those features in an inverted index, and ``search`` ranks entries for a query with one
calibrated confidence. ``lint`` checks the content, ``importer`` drafts entries from a document. Nothing here knows of
conversations, flows or the web.
"""
