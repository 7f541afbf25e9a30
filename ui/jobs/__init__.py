"""Running jobs and their results on screen."""
