"""Pictures of reports as SVG, for pages and for files: pure functions of what they show."""
