"""How good a model is: COCO average precision, and whether its embeddings separate objects."""
