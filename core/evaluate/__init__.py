"""Judging predictions: scores with intervals, curves, explanation, slices, threshold."""
