"""The explorer: what the browser needs of an image, and answers to what it asks."""
