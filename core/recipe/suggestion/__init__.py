"""The first recipe of a table: what its columns and its target suggest."""
