"""The network: stem, stacked hourglasses, corner pooling and heads."""
