"""The example photographs: files of installed packages, read in place, none of them copied here."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

Box = tuple[int, int, int, int]  # x1, y1, x2, y2 in pixels of the photograph


@dataclass(frozen=True, kw_only=True)
class Photograph:
    """A photograph that an installed package brings, and what may be expected of a model there."""

    name: str  # in addresses: "example=coffee"
    package: str
    path: str  # in the package's folder
    title: str
    # What is plainly there of COCO's categories, in boxes drawn by hand; () where it has no name.
    objects: tuple[tuple[str, Box], ...]
    note: str  # for visitors
    terms: str  # as far as the package tells
    unsure: str = ""  # what else may be there: what then is called a false alarm may be none

    @property
    def holds(self) -> tuple[str, ...]:
        """Return the categories of its objects."""
        return tuple(dict.fromkeys(name for name, _ in self.objects))


_SKIMAGE_DATA = "skimage/data/_fetchers.py"
# Only files inside the packages' wheels: nothing is ever fetched.
PHOTOGRAPHS = (
    Photograph(
        name="grace-hopper",
        package="matplotlib",
        path="mpl-data/sample_data/grace_hopper.jpg",
        title="Grace Hopper",
        objects=(("person", (12, 23, 512, 600)), ("tie", (217, 407, 300, 447))),
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
        objects=(("cat", (0, 0, 399, 300)),),
        note="Chelsea the cat, from scikit-image. To be found: a cat, most of it outside.",
        terms=f"CC0 by the photographer, Stefan van der Walt ({_SKIMAGE_DATA}).",
    ),
    Photograph(
        name="coffee",
        package="skimage",
        path="data/coffee.png",
        title="A cup of coffee",
        objects=(
            ("cup", (173, 18, 409, 308)),
            ("spoon", (327, 67, 424, 325)),
            ("dining table", (0, 0, 600, 400)),
        ),
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
        objects=(("person", (21, 15, 366, 512)),),
        note="The astronaut Eileen Collins, from scikit-image. To be found: a person.",
        terms=f"NASA, released into the public domain ({_SKIMAGE_DATA}).",
    ),
    Photograph(
        name="motorcycle",
        package="skimage",
        path="data/motorcycle_left.png",
        title="A motorcycle in a garage",
        objects=(
            ("motorcycle", (92, 15, 684, 454)),
            ("bench", (41, 106, 279, 309)),
            ("bicycle", (0, 106, 140, 230)),
            ("bottle", (401, 51, 419, 93)),
        ),
        unsure="Other things on the shelf were not looked for",
        note=(
            "A garage, from scikit-image (one of Middlebury's stereo pictures). To be found: a "
            "motorcycle, a bench, a bicycle behind it, and a bottle on the shelf, among much that "
            "COCO has no name for."
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
        objects=(),
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
        objects=(),
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
