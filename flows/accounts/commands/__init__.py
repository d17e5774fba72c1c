"""What can be asked of the service: one module of commands and results per area, and who may give each."""
