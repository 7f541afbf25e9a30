"""A trained model as one zip: written, opened, checked."""
