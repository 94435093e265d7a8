"""Room suggest."""
