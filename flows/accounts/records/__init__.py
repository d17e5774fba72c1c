"""Documents beside the accounts: tickets, WeCom enterprises, what recovery and applications need to remember."""

from flows.accounts.records.tickets import Ticket, TicketCategory, TicketEntry
from flows.accounts.records.wecom import SubUserRequest, WecomEnterprise, WecomMember

__all__ = ["SubUserRequest", "Ticket", "TicketCategory", "TicketEntry", "WecomEnterprise", "WecomMember"]
