"""From a FAQ or guide document to draft entries.

``convert`` makes Markdown of the file, ``blocks`` cuts it into headings, list items, tables and paragraphs, ``titles`` judges
single lines, ``headings`` decides which blocks are headings, ``noise`` drops what exports add, ``outline`` gathers the sections,
and ``drafts`` writes those the base lacks.
"""

from kb.importer.convert import CannotImport, convert
from kb.importer.drafts import Known, Report, Result, import_sections
from kb.importer.outline import Outline, Section, read_outline

__all__ = ["CannotImport", "Known", "Outline", "Report", "Result", "Section", "convert", "import_sections", "read_outline"]
