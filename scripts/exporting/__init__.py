"""What scripts/export is made of: sound, comparison and explanation need numpy, network needs torch."""
