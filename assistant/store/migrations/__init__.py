"""Schema versions, applied at start."""
