"""The shelf between processes: Redis or Valkey, or the Valkey that ships with us."""
