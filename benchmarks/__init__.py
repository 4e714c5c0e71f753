"""Measurements of speed, memory and scores; `python -m benchmarks --help`."""
