"""Schemas that only the API uses: requests, envelopes, and views of the engine's explanations."""
