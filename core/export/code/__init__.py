"""A recipe as plain Python code."""
