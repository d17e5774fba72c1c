"""``python -m web`` is the ``assistant`` command."""

from web.cli import main

main()
