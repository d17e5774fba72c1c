from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from flows.__main__ import app
from flows.blocks import Checklist, ChecklistItem, Image, Ticket
from flows.draw import draw
from flows.engine import Engine, Turn
from flows.load import load_flows
from flows.play import lines

RUN = CliRunner()


def test_a_flow_is_played_in_the_terminal(samples: Path) -> None:
    typed = "1\npersonal\na@b.com\n13800138000\n\n跳过\nyes\n1\n2\n"
    result = RUN.invoke(app, ["play", "lost-phone", "--lang", "en", "--folder", str(samples)], input=typed)
    assert result.exit_code == 0, result.output
    assert "  2. Company" in result.output
    assert "[open_ticket] 1 opened, 2 duplicate, 3 refused, 4 unavailable:" in result.output
    assert "Done: ticket" in result.output


def test_playing_may_just_stop(samples: Path) -> None:
    assert RUN.invoke(app, ["play", "lost-phone", "--folder", str(samples)], input="有\n").exit_code == 0


def test_what_cannot_be_played_is_said_in_a_sentence(samples: Path, tmp_path: Path) -> None:
    for name, sentence in (("later", "later has no steps yet."), ("never", "There is no flow never. Known: later,")):
        result = RUN.invoke(app, ["play", name, "--folder", str(samples)])
        assert result.exit_code == 1
        assert sentence in result.output
    (tmp_path / "x.yaml").write_text("id: x", encoding="utf-8")
    result = RUN.invoke(app, ["draw", "x", "--folder", str(tmp_path)])
    assert result.exit_code == 1
    assert "x.yaml:1: title: Field required" in result.output


def test_lint_names_file_and_line(samples: Path, tmp_path: Path) -> None:
    assert RUN.invoke(app, ["lint", "--folder", str(samples)]).output == "The flows are clean.\n"
    (tmp_path / "x.yaml").write_text("id: x", encoding="utf-8")
    result = RUN.invoke(app, ["lint", "--folder", str(tmp_path)])
    assert result.exit_code == 1
    assert "2 problems" in result.output


def test_a_flow_is_drawn_in_either_language(samples: Path) -> None:
    flow = load_flows(samples)["lost-phone"]
    chinese, english = draw(flow, "zh"), draw(flow, "en")
    assert chinese.startswith("flowchart TD\n")
    assert '    s_other_account -- "有" --> s_holder' in chinese.splitlines()
    assert '    s_other_account -- "Yes" --> s_holder' in english.splitlines()
    assert '    s_submit[["open_ticket"]]' in english.splitlines()
    assert '    s_hotline(["Please call 4009100100."])' in english.splitlines()
    assert len(chinese.splitlines()) == len(english.splitlines()) == 1 + len(flow.steps) + len(flow.edges)
    assert RUN.invoke(app, ["draw", "lost-phone", "--lang", "en", "--folder", str(samples)]).output == english


def test_fields_are_named_in_their_order(samples: Path) -> None:
    turn = Engine(load_flows(samples)).start("password", "en", run="r")
    assert list(lines(turn))[-1] == "  [New password] [New password again]"


def test_every_block_has_a_line(samples: Path) -> None:
    state = Engine(load_flows(samples)).start("lost-phone", "en", run="r").state
    items = (ChecklistItem(id="a", label="Unbind", status="done"),)
    blocks = (Checklist(id="c", items=items), Image(url="data:,", alt="QR code"), Ticket(id="T-1", status="open", url=""))
    assert list(lines(Turn(state, blocks))) == ["  [done] Unbind", "  (QR code)", "  T-1: open"]
