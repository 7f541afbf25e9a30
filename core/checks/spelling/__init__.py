"""Checks of how values are written: signs for no value, levels in several spellings, numbers as text."""
