"""The page: pictures of every stage, drawn in Python, in a Gradio app."""

from cornernet.ui.page import build_demo

__all__ = ["build_demo"]
