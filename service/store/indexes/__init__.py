"""How records are found: search terms, blocking keys, and the values that are suppressed."""
