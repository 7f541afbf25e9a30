"""The processes that do the work of jobs: children, their limits, and units of work in several of them."""
