"""Clustering decides which records are compared, what vetoes a join, which records join, and which reviews remain."""
