"""The parts of scripts/benchmarks/bench.py: each measures one thing against a baseline in the same run."""
