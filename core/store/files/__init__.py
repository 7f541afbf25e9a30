"""The files of a workspace: where they lie, how they are written safely, when they go."""
