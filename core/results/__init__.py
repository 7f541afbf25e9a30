"""What each kind of job has found, as types: made by the job, stored as JSON, parsed once for the screen."""
