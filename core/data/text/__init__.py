"""The layout of text tables: encoding, dialect, header, and records with a wrong number of fields."""
