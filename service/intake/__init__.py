"""Records that come in: pushed one by one, or imported from files."""
