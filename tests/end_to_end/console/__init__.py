"""The console in a real browser, before a real service over the demo's fleet."""
