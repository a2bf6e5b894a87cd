"""Studies that answer open questions about CornerNet with our own runs."""
