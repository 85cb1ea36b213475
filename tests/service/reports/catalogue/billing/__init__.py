"""Tests of what was billed beside what is there."""
