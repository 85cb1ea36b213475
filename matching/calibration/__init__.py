"""Calibration: over-shared values, untrusted fields, complete adapter lists and the company map, from all records."""
