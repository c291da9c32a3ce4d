"""Where migration files are, one module per kind."""
