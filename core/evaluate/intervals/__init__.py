"""95 % intervals of scores: the formula that suits each score, or the words why there is none."""
