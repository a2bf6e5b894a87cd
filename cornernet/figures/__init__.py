"""Pictures of each stage: pure functions from results to RGB arrays."""
