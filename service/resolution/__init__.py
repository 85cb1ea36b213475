"""Resolve the stored records that a change touches into devices, and write only what differs."""
