"""The pages of the console, a module a page."""
