"""From words to answers, in both languages: which option somebody means, which value a sentence holds, what it corrects.

``words`` knows how people say yes, count, ask, hesitate and correct themselves (``words.yaml``); ``choices`` finds the option,
``values`` the slot value, ``corrections`` the answer that somebody wants changed.
"""
