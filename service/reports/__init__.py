"""Batch reports. They read the store and change nothing."""
