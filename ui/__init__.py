"""Streamlit helpers of the pages; no machine learning in here."""
