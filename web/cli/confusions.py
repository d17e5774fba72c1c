"""The report of ``assistant eval --html``: figures, then every confusion."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader

from assistant.evaluate import Report


def write_report(report: Report, path: Path) -> None:
    """Write the report as one HTML page."""
    environment = Environment(loader=PackageLoader("web"), autoescape=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    page = environment.get_template("confusions.html").render(report=report)
    path.write_text(page, encoding="utf-8")
