"""Splitting, comparing, tuning and fitting."""
