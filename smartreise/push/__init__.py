"""Room push."""
