"""Bring in the records of providers, with one run at a time for each provider."""
