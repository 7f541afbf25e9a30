"""A new model tested against the current one on labelled rows that neither has learned from."""
