"""Clustering: which records may meet, what speaks against a join, who is joined, and the questions that are left."""
