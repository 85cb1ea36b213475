"""Access to the service by API keys."""
