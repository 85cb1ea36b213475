"""The page of documentation that the service itself answers with: the OpenAPI document, for a person to read."""
