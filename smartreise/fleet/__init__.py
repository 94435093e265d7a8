"""Offices, displays, keys and who may change them: what the people who run it administer."""
