"""HTTP for any provider: transports that limit and retry, and a client for JSON on top of them."""
