"""A place where a model works: a folder with an append-only log, and what is folded from it."""
