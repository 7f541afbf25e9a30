"""The kinds of job: each function takes a Context and its spec and gives a JSON-ready result."""
