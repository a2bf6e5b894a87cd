"""The `shapes` data set: drawn scenes whose truth is exact, from the outline to the photograph."""
