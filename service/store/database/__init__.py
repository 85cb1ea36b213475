"""How SQLite and PostgreSQL are driven: the tables, their types, and what the two do differently."""
