"""``assistant wecom``: try the WeCom doors without WeCom, check a set-up, undo a user's binding."""

from __future__ import annotations

import asyncio
import re
import secrets
import socket
import string
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from web.cli.data import DataOption, opened, settings_of
from web.cli.failures import Failure

if TYPE_CHECKING:
    from web.channels.wecom_simulate import Simulator
    from web.settings import Settings

app = typer.Typer(no_args_is_help=True)


def _web_address(url: str) -> str:
    if not re.match("https?://.", url):
        raise Failure(f"--url {url} is not a web address: add http:// or https://, as in http://{url.rpartition('://')[2]}.")
    return url


UrlOption = Annotated[str, typer.Option("--url", help="Where the server answers.", callback=_web_address)]

_QUIET_SECONDS, _FIRST_SECONDS = 0.7, 8.0


@app.command()
def doctor(
    url: UrlOption = "http://127.0.0.1:8000", lang: Annotated[Literal["zh", "en"], typer.Option(help="Language of the findings.")] = "zh"
) -> None:
    """Check the WeCom set-up step by step; the exit code is 1 when something has to be mended."""
    from pydantic import ValidationError

    from web.channels.wecom_doctor import Finding, examine, malformed
    from web.settings import Settings

    good = True

    def show(finding: Finding) -> None:
        nonlocal good
        print(f"{'-' if finding.good is None else '✓' if finding.good else '✗'} {finding.text(lang)}", flush=True)
        good = good and finding.good is not False

    async def run() -> None:
        async for finding in examine(Settings(), url):
            show(finding)

    try:
        asyncio.run(run())
    except ValidationError as error:
        for finding in malformed(error):
            show(finding)
    if not good:
        raise typer.Exit(1)


@app.command()
def simulate(
    url: UrlOption = "http://127.0.0.1:8000",
    bot: Annotated[bool, typer.Option("--bot", help="Play in front of the AI bot instead of the application.")] = False,
    user: Annotated[str, typer.Option(help="The member's UserID.")] = "zhangsan",
    env: Annotated[bool, typer.Option("--env", help="Print made-up settings for server and simulator, and end.")] = False,
) -> None:
    """Play a WeCom member against a running server, in the terminal."""
    if env:
        print("\n".join(f"export {name}={value}" for name, value in _made_up().items()))
        return
    from web.settings import Settings

    asyncio.run(_play(Settings(), url, user, bot=bot))


@app.command()
def unbind(user_id: Annotated[str, typer.Argument(help="The member's UserID in WeCom.")], data: DataOption = None) -> None:
    """Forget which account a WeCom user has proven; they have to prove it again."""
    print(f"{asyncio.run(_unbind(settings_of(data), user_id))} bindings removed.")


async def _unbind(settings: Settings, user_id: str) -> int:
    from assistant.store.wecom import Members
    from web.keys import cipher_from

    async with opened(settings) as database:
        return await Members(database, cipher_from(settings)).unbind(user_id)


async def _play(settings: Settings, url: str, user: str, *, bot: bool) -> None:
    import uvicorn

    from web.channels.wecom_simulate import HOW
    from web.channels.wecom_standin import Json, stand_in

    simulator = _simulator(settings, url, user, bot=bot)
    arrived: asyncio.Queue[Json] = asyncio.Queue()
    server = uvicorn.Server(uvicorn.Config(stand_in(arrived), log_config=None, ws="none"))
    task = asyncio.create_task(server.serve(sockets=[_listen(settings.wecom_api_base)]))
    print(HOW)
    try:
        while line := await asyncio.to_thread(_read):
            answered = await simulator.do(line)
            await _show_arriving(simulator, arrived, _QUIET_SECONDS if answered else _FIRST_SECONDS)
    finally:
        server.should_exit = True
        await task


async def _show_arriving(simulator: Simulator, arrived: asyncio.Queue[dict[str, object]], patience: float) -> None:
    """Show what the server sends until it is quiet."""
    while True:
        try:
            sent = await asyncio.wait_for(arrived.get(), patience)
        except TimeoutError:
            return
        simulator.arrived(sent)
        patience = _QUIET_SECONDS


def _simulator(settings: Settings, url: str, user: str, *, bot: bool) -> Simulator:
    from web.channels.doors import app_crypto, bot_crypto
    from web.channels.wecom_simulate import Simulator

    crypto = bot_crypto(settings) if bot else app_crypto(settings)
    if crypto is None or not settings.wecom_api_base.startswith("http://"):
        raise Failure(
            "The simulator needs the settings of a made-up WeCom, and so does the server. In both terminals, first:\n"
            '  assistant wecom simulate --env > wecom.env    (once)\n  . ./wecom.env\nThen "assistant serve" in one, this in the other.'
        )
    api, corp_id = settings.wecom_api_base, settings.wecom_corp_id or ""
    return Simulator(url, user, crypto, corp_id, settings.wecom_agent_id or 0, api, print, bot=bot)


def _listen(base: str) -> socket.socket:
    port = int(base.rpartition(":")[2].strip("/")) if base.count(":") == 2 else 80
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise Failure(
            f"Cannot listen on 127.0.0.1:{port} for the simulated API ({error.strerror}); is a simulator running already?"
        ) from error
    return listener


def _read() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""


def _made_up() -> dict[str, str]:
    letters = string.ascii_letters + string.digits

    def some(length: int) -> str:
        return "".join(secrets.choice(letters) for _ in range(length))

    values = {
        "CORP_ID": f"ww{secrets.token_hex(8)}",
        "AGENT_ID": "1000002",
        "SECRET": some(43),
        "APP_TOKEN": some(20),
        "APP_AES_KEY": some(43),
        "BOT_TOKEN": some(20),
        "BOT_AES_KEY": some(43),
        "ROBOT_KEY": some(36),
        "API_BASE": "http://127.0.0.1:8010",
    }
    return {f"ASSISTANT_WECOM_{name}": value for name, value in values.items()}
