"""A network that is seen learning: a short training, watched live, and a long one, replayed."""
