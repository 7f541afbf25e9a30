"""Where alerts are sent: a file, a web address, a mail server; all that reaches outside is here."""
