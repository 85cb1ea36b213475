"""What people decided, and what is asked of them."""
