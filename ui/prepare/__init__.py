"""The parts of the Prepare and Features pages."""
