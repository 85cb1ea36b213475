"""What a record says about each kind of identifier, and how two groups of records compare."""
