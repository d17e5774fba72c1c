"""The doors: HTTP for the chat widget and look-up, channels, console, and the command line.

``app.create_app(settings)`` assembles everything; ``settings`` is the only place that reads the environment; ``api`` holds
the routes of the contract; ``cli`` is the ``assistant`` command. Nothing here decides what to answer.
"""
