"""Leaving with it: script, bundle, model card, loader and predictions for new data."""
