"""The parts of the Export and Predict pages."""
