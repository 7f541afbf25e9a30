"""Jobs: work that runs in child processes, survives the app, and can be stopped, cancelled and limited."""
