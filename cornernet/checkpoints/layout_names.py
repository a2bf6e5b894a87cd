"""What each layout calls an entry: one table."""

import re
from typing import Literal

Layout = Literal["ours", "official", "lite", "mmdetection"]

_COLUMN: dict[Layout, int] = {"official": 1, "lite": 2, "mmdetection": 3}

_POOL = r"(_(?:cnvs|modules|pool)\.\d+\.)"
# What each part of our names becomes in the other layouts; the rows apply one after the other.
NAMES: tuple[tuple[str, str, str, str], ...] = (
    # ours, official, CornerNet-Lite, mmdetection
    (r"\btop_left\b", "tl", "tl", "tl"),
    (r"\bbottom_right\b", "br", "br", "br"),
    # stem, links between stacks, and each stack's convolution
    (r"^stem\.0\.", "pre.0.", "hg.pre.0.", "backbone.stem.0."),
    (r"^stem\.(\d+)\.", r"pre.\1.", r"hg.pre.\1.", r"backbone.stem.\1.0."),
    (r"^links\.(\d+)\.residual\.", r"inters.\1.", r"hg.inters.\1.", r"backbone.inters.\1."),
    (
        r"^links\.(\d+)\.from_input\.0\.",
        r"inters_.\1.0.",
        r"hg.inters_.\1.0.",
        r"backbone.conv1x1s.\1.conv.",
    ),
    (
        r"^links\.(\d+)\.from_input\.1\.",
        r"inters_.\1.1.",
        r"hg.inters_.\1.1.",
        r"backbone.conv1x1s.\1.bn.",
    ),
    (
        r"^links\.(\d+)\.from_features\.0\.",
        r"cnvs_.\1.0.",
        r"hg.cnvs_.\1.0.",
        r"backbone.remap_convs.\1.conv.",
    ),
    (
        r"^links\.(\d+)\.from_features\.1\.",
        r"cnvs_.\1.1.",
        r"hg.cnvs_.\1.1.",
        r"backbone.remap_convs.\1.bn.",
    ),
    (r"^stacks\.(\d+)\.conv\.", r"cnvs.\1.", r"hg.cnvs.\1.", r"backbone.out_convs.\1."),
    # hourglasses
    (
        r"^stacks\.(\d+)\.hourglass\.",
        r"kps.\1.",
        r"hg.hgs.\1.",
        r"backbone.hourglass_modules.\1.",
    ),
    (r"\bcoarse\.", "low2.", "low2.", "low2."),
    (r"\bskip\.", "up1.", "up1.", "up1."),
    (r"\bdown\.", "low1.", "low1.", "low1."),
    (r"\bup\.", "low3.", "low3.", "low3."),
    (r"\benlarge\.", "up2.", "up2.", "up2."),
    # corner pooling
    (
        r"^stacks\.(\d+)\.(tl|br)\.pool\.",
        r"\2_cnvs.\1.",
        r"\2_modules.\1.",
        r"bbox_head.\2_pool.\1.",
    ),
    (r"\bvertical\.", "p1_conv1.", "p1_conv1.", "direction1_conv."),
    (r"\bhorizontal\.", "p2_conv1.", "p2_conv1.", "direction2_conv."),
    (r"\bmerge\.0\.", "p_conv1.", "p_conv1.", "aftpool_conv.conv."),
    (r"\bmerge\.1\.", "p_bn1.", "p_bn1.", "aftpool_conv.bn."),
    (_POOL + r"shortcut\.0\.", r"\1conv1.", r"\1conv1.", r"\1conv1.conv."),
    (_POOL + r"shortcut\.1\.", r"\1bn1.", r"\1bn1.", r"\1conv1.bn."),
    (_POOL + r"out\.", r"\1conv2.", r"\1conv2.", r"\1conv2."),
    # heads
    (
        r"^stacks\.(\d+)\.(tl|br)\.logits\.",
        r"\2_heats.\1.",
        r"\2_heats.\1.",
        r"bbox_head.\2_heat.\1.",
    ),
    (
        r"^stacks\.(\d+)\.(tl|br)\.embedding\.",
        r"\2_tags.\1.",
        r"\2_tags.\1.",
        r"bbox_head.\2_emb.\1.",
    ),
    (
        r"^stacks\.(\d+)\.(tl|br)\.offset\.",
        r"\2_regrs.\1.",
        r"\2_offs.\1.",
        r"bbox_head.\2_off.\1.",
    ),
    (
        r"(_(?:heats?|tags|emb|regrs|offs?)\.\d+)\.0\.",
        r"\1.0.conv.",
        r"\1.0.conv.",
        r"\1.0.conv.",
    ),
    (r"(_(?:heats?|tags|emb|regrs|offs?)\.\d+)\.2\.", r"\1.1.", r"\1.1.", r"\1.1.conv."),
    # residual blocks
    (r"\bfirst\.conv\.", "conv1.", "conv1.", "conv1."),
    (r"\bfirst\.bn\.", "bn1.", "bn1.", "bn1."),
    (r"\bsecond\.0\.", "conv2.", "conv2.", "conv2."),
    (r"\bsecond\.1\.", "bn2.", "bn2.", "bn2."),
    (r"\bshortcut\.", "skip.", "skip.", "downsample."),
    # fire modules
    (r"\bsqueeze\.0\.", "conv1.", "conv1.", "conv1."),
    (r"\bsqueeze\.1\.", "bn1.", "bn1.", "bn1."),
    (r"\bpointwise\.", "conv_1x1.", "conv_1x1.", "conv_1x1."),
    (r"\bdepthwise\.", "conv_3x3.", "conv_3x3.", "conv_3x3."),
    (r"\bnorm\.", "bn2.", "bn2.", "bn2."),
)


def name_in(layout: Layout, name: str) -> str:
    """Return what another layout calls our entry (or the beginning of entries) of that name."""
    if layout == "ours":
        return name
    for row in NAMES:
        name = re.sub(row[0], row[_COLUMN[layout]], name)
    return name
