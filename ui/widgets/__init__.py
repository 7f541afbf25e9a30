"""Widgets bound to the recipe, and text made safe to show."""
