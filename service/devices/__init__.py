"""Queries about devices: which one holds an identifier, what is known of it, and why its records are one device."""
