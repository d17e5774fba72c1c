"""WeCom's doors: a self-built application, an AI bot, and a robot that tells the support group what is new.

``wecom_app`` and ``wecom_bot`` turn callbacks into turns and replies into what WeCom shows (``wecom_render``,
``wecom_cards``); ``wecom_turns`` answers within WeCom's five seconds and loses nothing that it acknowledged; whatever
cannot be answered at once leaves through the outbox, which ``delivery`` empties by means of ``wecom_client``.
"""
