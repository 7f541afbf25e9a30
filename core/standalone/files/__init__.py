"""How the files of a model are read: the training file as it was, a new file by the names of its columns."""
