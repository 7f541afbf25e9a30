"""What may spoil a model before it is trained: the checks and what they find."""
