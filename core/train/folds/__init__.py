"""What is done on one fold: the unit of work, the cache of prepared tables, the predictions kept."""
