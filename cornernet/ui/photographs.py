"""The example photographs: files of installed packages, read in place, none of them copied here."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Photograph:
    """A photograph that an installed package brings, and what may be expected of a model there."""

    name: str  # in addresses: "example=coffee"
    package: str
    path: str  # in the package's folder
    title: str
    holds: tuple[str, ...]  # COCO's categories that are plainly there; () where it has no name
    note: str  # for visitors
    terms: str  # as far as the package tells


_SKIMAGE_DATA = "skimage/data/_fetchers.py"
# Only files inside the packages' wheels: nothing is ever fetched.
PHOTOGRAPHS = (
    Photograph(
        name="grace-hopper",
        package="matplotlib",
        path="mpl-data/sample_data/grace_hopper.jpg",
        title="Grace Hopper",
        holds=("person", "tie"),
        note="A portrait of Grace Hopper, from Matplotlib. To be found: a person and a tie.",
        terms=(
            "An official US Navy portrait, so in the public domain; the file's own comment names "
            "commons.wikimedia.org/wiki/File:Grace_Hopper.jpg. Matplotlib says nothing more."
        ),
    ),
    Photograph(
        name="chelsea",
        package="skimage",
        path="data/chelsea.png",
        title="Chelsea the cat",
        holds=("cat",),
        note="Chelsea the cat, from scikit-image. To be found: a cat, most of it outside.",
        terms=f"CC0 by the photographer, Stefan van der Walt ({_SKIMAGE_DATA}).",
    ),
    Photograph(
        name="coffee",
        package="skimage",
        path="data/coffee.png",
        title="A cup of coffee",
        holds=("cup", "spoon", "dining table"),
        note=(
            "A cup of coffee, from scikit-image. To be found: a cup, a spoon and a dining table, "
            "which the image cuts off on every side."
        ),
        terms=f"CC0 by the photographer, Rachel Michetti ({_SKIMAGE_DATA}).",
    ),
    Photograph(
        name="astronaut",
        package="skimage",
        path="data/astronaut.png",
        title="Eileen Collins",
        holds=("person",),
        note="The astronaut Eileen Collins, from scikit-image. To be found: a person.",
        terms=f"NASA, released into the public domain ({_SKIMAGE_DATA}).",
    ),
    Photograph(
        name="motorcycle",
        package="skimage",
        path="data/motorcycle_left.png",
        title="A motorcycle in a garage",
        holds=("motorcycle", "bench", "bicycle"),
        note=(
            "A garage, from scikit-image (one of Middlebury's stereo pictures). To be found: a "
            "motorcycle, a bench, and half of a bicycle, among much that COCO has no name for."
        ),
        terms=(
            "From the Middlebury 2014 stereo benchmark (Scharstein et al., GCPR 2014), made "
            f"smaller by scikit-image, which names no licence of its own for it ({_SKIMAGE_DATA})."
        ),
    ),
    Photograph(
        name="lion",
        package="gradio",
        path="media_assets/images/lion.jpg",
        title="A lion",
        holds=(),
        note=(
            "A lion, from Gradio. COCO has no lion, so no answer here is right: the model can only "
            "say which of its 80 kinds of things comes nearest."
        ),
        terms="Comes with Gradio (Apache-2.0), which says nothing more of it.",
    ),
    Photograph(
        name="cheetah",
        package="gradio",
        path="media_assets/images/cheetah1.jpg",
        title="A cheetah",
        holds=(),
        note=(
            "A cheetah, from Gradio. COCO has no cheetah, so no answer here is right: the model "
            "can only say which of its 80 kinds of things comes nearest."
        ),
        terms="Comes with Gradio (Apache-2.0), which says nothing more of it.",
    ),
)


@cache
def photograph_file(photograph: Photograph) -> Path | None:
    """Find a photograph without running its package; None where that does not bring it."""
    found = find_spec(photograph.package)
    folders = (found.submodule_search_locations if found else None) or ()
    files = (Path(folder) / photograph.path for folder in folders)
    return next((file for file in files if file.is_file()), None)
