"""The account service's rules, tried through its doors."""
