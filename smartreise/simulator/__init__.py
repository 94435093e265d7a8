"""A region that does not exist, served as real feeds over real HTTP: the demo, and the harness of the tests.

Everything follows from the files of a folder, a seed and the service's clock; nothing is remembered but faults.
"""
