"""Who is named by a column of texts."""
