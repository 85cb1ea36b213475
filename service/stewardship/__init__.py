"""The decisions of people, the reviews that ask for them, and the history of devices."""
