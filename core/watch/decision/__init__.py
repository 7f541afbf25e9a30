"""Whether to retrain: a rule with a stated error, its simulation, and its rehearsal on a labelled history."""
