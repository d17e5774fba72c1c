"""Guided flows: what an answer cannot finish, step by step. So far their names and the ways people ask for them."""
