"""From providers to records: runs that begin, are read, and end, one at a time a provider."""
