"""Tests of records as tables of DuckDB."""
