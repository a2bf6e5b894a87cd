"""Errors as the page shows them."""

import html

import gradio as gr


def toast(error: Exception) -> gr.Error:
    """Make an error that shows its sentence as text: it may name a file, and toasts take markup."""
    return gr.Error(html.escape(str(error), quote=False), print_exception=False)
