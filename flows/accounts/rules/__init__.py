"""What the service enforces: one module per area, one pure function per operation, every rule cited by its id.

A rule takes the account, the command and the time, and what else it has to know about the world as plain arguments. It returns
the new account and an outcome, or a ``Refusal``; a query's rule returns what is to be shown.
"""
