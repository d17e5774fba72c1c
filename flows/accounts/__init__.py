"""The account service: what an answer cannot do, done by the documents' rules.

An ``Account`` (``account/``) is one frozen document. A command (``commands/``) says what somebody wants, and who may want it.
A rule (``rules/``, one module per area, cited by id) is a pure function of account, command and time to a new account and an
outcome, or to a ``Refusal`` that names the rule. ``AccountService`` (``protocol/``) is the typed door, split by area;
``StubAccounts`` (``stub/``) is the service behind it: it gathers what a rule needs to know, applies it, and commits documents,
lookups and the idempotency record in one step to an ``AccountStore``. ``demo.py`` fills it with a small company; ``server.py``
serves it over HTTP and ``client.py`` speaks to that.
"""
