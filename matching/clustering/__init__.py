"""Which records may meet, what speaks against a join, which records are joined, and which questions are left."""
