"""Guided flows: what an answer cannot finish, step by step.

A definition (``definitions/<flow-id>.yaml``) has three kinds of step: ``ask``, ``do``, ``say`` (``model``). ``load`` reads it, with
mistakes as file and line; ``lint`` checks what the schema cannot see, ``draw`` and ``play`` show it. ``engine`` runs it without any
input or output of its own: a ``state`` and an event in, a turn out, made of ``blocks`` to show and perhaps an action to carry out.
``answers`` understands what people say. ``formats`` says what a value must look like (``official`` brings the account service's
validators), ``texts`` holds the engine's own sentences. ``actions`` knows what a ``do`` may call; ``run.settle`` calls it.
``accounts`` is the account service behind most of the actions.
"""
