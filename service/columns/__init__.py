"""
Columns: the records of files as tables of DuckDB, where one machine runs the statements of `matching.relations`.

A table has no identities. Where one is needed, its line is read again (`places`).
"""
