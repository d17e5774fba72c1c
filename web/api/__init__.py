"""The routes of the HTTP contract (v1): chat, look-up, operations."""
