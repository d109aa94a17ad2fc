"""The parts of scripts/benchmarks/bench.py: each measures one quantity against a baseline in the same run."""
