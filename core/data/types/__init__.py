"""Cells as columns of one of three types: numbers, texts, times."""
