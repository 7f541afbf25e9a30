"""One row and a model: what it says, why, along each column, and what would have to be different."""
