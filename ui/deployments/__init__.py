"""The parts of the Deployments page."""
