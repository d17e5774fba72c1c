"""Sessions, carried out. SES."""

from flows.accounts.commands.sessions import GetSessionSettings, SetSessionLimits, SignOutEverywhere
from flows.accounts.rules import sessions
from flows.accounts.stub.handlers import changes_own, shows_own

shows_own(GetSessionSettings, sessions.get_session_settings)
changes_own(SetSessionLimits, sessions.set_session_limits)
changes_own(SignOutEverywhere, sessions.sign_out_everywhere)
