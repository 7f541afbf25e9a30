"""The workspace on disk: SQLite for state, content-addressed files for payloads."""
