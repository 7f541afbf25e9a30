"""The rows of a recipe: its target, and how they are split."""
