"""Answers to "why?": one pair of corners, one corner, one pixel more."""
