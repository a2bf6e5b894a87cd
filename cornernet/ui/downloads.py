"""What happens when a visitor chooses a model, and asks for its weights."""

from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr

from cornernet.checkpoints.download import DownloadError
from cornernet.checkpoints.known import KNOWN_MODELS
from cornernet.ui.picker import Picker, Update, check_name, choices, fetch
from cornernet.ui.shelf import Shelf


@dataclass(frozen=True, eq=False, kw_only=True)
class Downloads:
    """The choice of a model, and its download if it is not on this machine."""

    shelf: Shelf
    picker: Picker

    def choose_model(self, model: str) -> Update:
        """Return what is known of a model, and offer its download if it is not here."""
        return self.picker.describe(model)

    def download_model(self, model: str) -> Iterator[Update]:
        """Fetch a model's weights, telling how far it is; stopped when the visitor cancels."""
        picker = self.picker
        try:
            for news in fetch(KNOWN_MODELS[check_name(self.shelf, model)]):
                yield {
                    picker.choice: gr.skip(),
                    picker.facts: news,
                    picker.download: gr.update(visible=False),
                    picker.cancel: gr.update(visible=True),
                }
        except (DownloadError, KeyError) as error:
            gr.Warning(str(error))
        yield self.end_download(model)

    def end_download(self, model: str) -> Update:
        """Show what is known of the model again, and which ones are here now."""
        return {
            self.picker.choice: gr.update(choices=choices(self.shelf)),
            self.picker.cancel: gr.update(visible=False),
            **self.picker.describe(model),
        }
