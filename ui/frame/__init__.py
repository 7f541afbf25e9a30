"""What surrounds every page: sidebar, pipeline strip, errors, session."""
