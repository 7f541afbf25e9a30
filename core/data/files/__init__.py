"""What a file really is, and how much it may ask of the machine, before any parser sees it."""
