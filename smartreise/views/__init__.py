"""What a GET and a topic answer: pure functions from a snapshot, parameters and now to wire records.

`api` and `push` both ask here, so that a topic's `data` is exactly what its GET returns.
"""
