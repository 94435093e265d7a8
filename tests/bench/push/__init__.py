"""Benchmarks of the push side. Each server is a process of its own, on loopback; all of it stops by itself."""
