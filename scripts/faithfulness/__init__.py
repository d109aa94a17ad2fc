"""The parts of scripts/mosaic-test: whether maps lie where the explained class is known to be."""
