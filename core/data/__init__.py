"""Reading files safely, tables on disk, column kinds, profile."""
