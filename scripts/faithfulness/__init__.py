"""Parts of scripts/faithfulness/mosaic_test.py: whether maps lie where the explained class is known to be."""
