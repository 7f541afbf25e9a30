"""Which differences between models are real, and how that is said."""
