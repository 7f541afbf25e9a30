"""What a comparison found, in words and pictures."""
