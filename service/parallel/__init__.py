"""Work in several processes, and what they hand each other."""
