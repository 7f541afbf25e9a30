"""The one document that holds everything a user chose."""
