"""Bring the records of providers in: one run at a time a provider."""
