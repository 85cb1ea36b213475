"""What people decide, the reviews they are asked, and the history of devices."""
