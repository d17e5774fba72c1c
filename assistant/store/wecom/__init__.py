"""What WeCom's doors keep: members and their bindings, deliveries in work, the cards that were sent, the access token.

Whatever people wrote or were told, and every secret, is encrypted here and deleted as soon as it is no longer needed.
"""

from assistant.store.wecom.cards import Cards, SentCard
from assistant.store.wecom.deliveries import Deliveries, Mode, OpenDelivery
from assistant.store.wecom.live import LiveMessages
from assistant.store.wecom.members import Channel, Member, Members
from assistant.store.wecom.tokens import Tokens

__all__ = ["Cards", "Channel", "Deliveries", "LiveMessages", "Member", "Members", "Mode", "OpenDelivery", "SentCard", "Tokens"]
