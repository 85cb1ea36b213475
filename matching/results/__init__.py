"""Results: devices with golden records, explanations, identity graphs, and scores against the truth."""
