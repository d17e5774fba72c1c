"""Compiles an index in a process of its own: training takes 300 MB that a server would not get back."""

from __future__ import annotations

import marshal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from kb.index import Item, Phrasing, compile_index


def compile_apart(items: Sequence[Item]) -> dict[str, Any]:
    """The data of ``compile_index``, made by another Python process; raises ``RuntimeError`` with its last words."""
    plain = [(item.kind, item.id, _plain(item.phrasings), _plain(item.answers), item.flow) for item in items]
    command = [sys.executable, "-m", "kb.apart"]
    done = subprocess.run(command, input=marshal.dumps(plain), capture_output=True, check=False)  # noqa: S603  # our own module
    if done.returncode:
        raise RuntimeError(f"compiling the index failed: {done.stderr.decode(errors='replace').strip()}")
    data: dict[str, Any] = marshal.loads(done.stdout)  # noqa: S302  # written by our own process
    return data


def _plain(phrasings: Sequence[Phrasing]) -> list[tuple[str, str]]:
    return [(phrasing.lang, phrasing.text) for phrasing in phrasings]


def main() -> None:
    """Read items from standard input, write the index to standard output."""
    plain = marshal.loads(sys.stdin.buffer.read())  # noqa: S302  # written by the process that started this one
    items = [
        Item(kind, item_id, tuple(Phrasing(*one) for one in phrasings), tuple(Phrasing(*one) for one in answers), flow)
        for kind, item_id, phrasings, answers, flow in plain
    ]
    sys.stdout.buffer.write(marshal.dumps(compile_index(items).data))


if __name__ == "__main__":
    main()
