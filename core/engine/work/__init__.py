"""The kinds of job: each function takes a Context and gives a JSON-ready result."""
