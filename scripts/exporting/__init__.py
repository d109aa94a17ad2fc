"""Parts of scripts/export. sound, comparison and explanation need numpy, and network needs torch."""
