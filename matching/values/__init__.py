"""Values: turn a provider's spelling into the canonical value, or into the reason why it is not evidence."""
