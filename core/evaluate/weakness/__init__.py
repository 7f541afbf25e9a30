"""Whether a model does worse on some rows than a model that is right about them would."""
