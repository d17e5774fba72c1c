"""The brain: from an utterance to a reply, the same for every channel.

``dialogue`` shows the one path: load the conversation under its lock, ``understand``, ``route``, ``respond``, save, return.
``session`` is a conversation's live state, ``store`` keeps it with the transcript, ``privacy`` masks what must not be kept,
``phrases.yaml`` holds the assistant's own sentences. Replies are returned, never sent: channels in ``web`` send.
"""
