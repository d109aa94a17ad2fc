"""Parts of scripts/train-models, one concept a file."""
