"""Offices and, to come, displays and keys: what the people who run it administer."""
