"""What stands between the page and those who ask it: files, turns, names, limits, memory."""
