"""Foldline's core: everything that reads data, fits models and judges them. It never imports streamlit."""

__version__ = "0.1.0"
