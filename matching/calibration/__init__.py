"""What all records together teach: over-shared values, untrusted fields, complete adapter lists, the company map."""
