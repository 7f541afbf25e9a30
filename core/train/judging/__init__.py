"""The chosen model on rows that it had not seen: in validation, and on the locked test set."""
