"""The flow engine, tried on small sample flows; the account service in ``accounts``."""
