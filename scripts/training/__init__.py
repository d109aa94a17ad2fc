"""What scripts/train-models is made of, one concept a file."""
