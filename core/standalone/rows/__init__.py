"""New rows beside the rows that a model learned from: read alike, and what differs said in words."""
