"""The error analysis in one sentence."""

from cornernet.analysis.matching import Matching


def verdict(matchings: tuple[Matching, Matching, Matching]) -> str:
    """Say how many errors each part made; an error is a missed object or a false alarm. Markdown.

    What true heatmaps mend were corners, what true offsets mend besides were offsets; the rest
    was paired wrongly.
    """
    predicted, with_heat, with_both = (
        len(matching.left_over) + len(matching.unmatched) for matching in matchings
    )
    if predicted == 0:
        return "**Verdict: no errors.** Every object was found, and nothing else."
    after_heat = min(predicted, with_heat)
    left = min(after_heat, with_both)
    parts = {
        "corners": predicted - after_heat,
        "offsets": after_heat - left,
        "pairing": left,
    }
    most = max(parts, key=lambda name: parts[name])
    rest = ", ".join(f"{name} {count}" for name, count in parts.items() if name != most)
    errors = "1 error" if predicted == 1 else f"{predicted} errors"
    was = "was" if parts[most] == 1 else "were"
    words = f"**Verdict: {parts[most]} of {errors} {was} {most}**; {rest}."
    if with_heat > predicted:
        words += (
            f" With true heatmaps there are even {with_heat} errors: all corners are there now, "
            "and more of them are paired wrongly."
        )
    return words
