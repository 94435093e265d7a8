"""Room board."""
