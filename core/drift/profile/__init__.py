"""What is remembered of the data that a model learned from."""
