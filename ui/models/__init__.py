"""The parts of the Models and Tune pages."""
