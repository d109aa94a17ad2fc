"""Parts of scripts/train-models and scripts/train-featout, one concept a file."""
