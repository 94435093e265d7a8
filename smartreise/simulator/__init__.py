"""Room simulator."""
