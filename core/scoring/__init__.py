"""Scores of predictions: how truth and prediction are paired, and the metrics computed from them."""
