"""The parts of scripts/bench: each measures one thing against a baseline in the same run."""
