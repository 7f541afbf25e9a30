"""From tests to a verdict, and the verdict in words."""
