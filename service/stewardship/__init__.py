"""What people decide and are asked, and what they are told of all that happened."""
