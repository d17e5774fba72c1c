"""The stub service: ``service`` runs an operation, a module per area gathers what its rules have to know."""
