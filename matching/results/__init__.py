"""What comes of a resolution: devices with golden records, explanations, graphs and scores."""
