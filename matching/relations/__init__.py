"""Relations: the steps that look at all records at once, as SQL that DuckDB and Spark both run as written."""
