"""A network that is seen learning: a short training, watched live."""
