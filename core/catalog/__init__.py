"""Everything that may be chosen, as data: one entry in one file for each model, step, metric and check."""
