"""Values: a provider's spelling -> the canonical value, or the reason why it is no evidence."""
