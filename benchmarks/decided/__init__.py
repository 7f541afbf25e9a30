"""The small experiments that the pages of docs/decisions quote: ``python -m benchmarks.decided.NAME``."""
