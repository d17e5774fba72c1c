"""A document as Markdown, by markitdown; whatever is wrong with the file becomes one sentence."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

TEXT_TYPES = frozenset({".md", ".markdown"})
TYPES = TEXT_TYPES | {".html", ".htm", ".docx", ".pdf"}


class CannotImport(Exception):
    """The document cannot be read; the text says why and what to do."""


def convert(file: Path) -> str:
    """The document's text as Markdown; raises ``CannotImport``."""
    _check(file)
    text = _read_text(file) if file.suffix.lower() in TEXT_TYPES else _convert(file)
    if not text.strip():
        hint = "; a scanned document needs text recognition first" if file.suffix.lower() == ".pdf" else ""
        raise CannotImport(f"{file}: no text was found in it{hint}.")
    return text


def _check(file: Path) -> None:
    if not file.exists():
        raise CannotImport(f"{file}: there is no such file.")
    if not file.is_file():
        raise CannotImport(f"{file}: this is a folder; name one document.")
    if file.suffix.lower() not in TYPES:
        raise CannotImport(f"{file}: this type cannot be imported; use Markdown (.md), HTML (.html), Word (.docx) or PDF (.pdf).")
    try:
        if not file.stat().st_size:
            raise CannotImport(f"{file}: the file is empty.")
        with file.open("rb") as opened:
            start = opened.read(8)
    except OSError as error:
        raise CannotImport(f"{file}: the file cannot be read ({error.strerror}).") from error
    if file.suffix.lower() == ".docx" and not zipfile.is_zipfile(file):
        kind = "protected by a password or an old .doc file" if start.startswith(b"\xd0\xcf\x11\xe0") else "damaged"
        raise CannotImport(f"{file}: the Word document is {kind}; save it again as .docx without a password.")


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CannotImport(f"{file}: not UTF-8 (byte {error.start}); save the file as UTF-8.") from error


def _convert(file: Path) -> str:
    with _quiet():
        from markitdown import MarkItDown, StreamInfo
        from markitdown.converters import DocxConverter, HtmlConverter, PdfConverter

        converter = MarkItDown(enable_builtins=False, enable_plugins=False)
        for kind in (DocxConverter, HtmlConverter, PdfConverter):
            converter.register_converter(kind())
        info = StreamInfo(extension=file.suffix.lower(), charset=_charset(file))
        try:
            return str(converter.convert_local(file, stream_info=info).text_content)
        except Exception as error:
            raise CannotImport(f"{file}: {_why(file, error)}") from error


def _charset(file: Path) -> str | None:
    """UTF-8 where the bytes are; markitdown's own guess reads a short Chinese page wrongly."""
    if file.suffix.lower() not in {".html", ".htm"}:
        return None
    with contextlib.suppress(UnicodeDecodeError):
        file.read_bytes().decode("utf-8")
        return "utf-8"
    return None


def _why(file: Path, error: Exception) -> str:
    text = f"{error!r} {error.__cause__!r} {error.__context__!r}"
    if "Password" in text or "Encrypt" in text or "encrypted" in text:
        return "the document is protected by a password; save it without one."
    return f"the {file.suffix.lower().removeprefix('.').upper()} document is damaged and cannot be read."


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the converters' warnings, log lines and prints from the reader."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
