"""The explorer's modules, linked into one script: the same for the page and for a single file."""

import posixpath
import re
from functools import cache

from cornernet.paths import EXPLORER

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[\w./-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function\*? |const )(\[[^\]]*\]|\w+)", re.MULTILINE)


@cache
def explorer_script(name: str = "main") -> str:
    """Link a module and all that it imports; the result defines what that module exports.

    A module becomes a function that is called once: imports read what others return, exports are
    returned. No build tool, and nothing to fetch while the page runs.
    """
    modules: dict[str, str] = {}
    exported = _link(name, modules, ())
    names = f"const {{ {', '.join(exported)} }} = modules['{name}'];"
    return "\n".join(["const modules = {};", *modules.values(), names])


def _link(name: str, modules: dict[str, str], above: tuple[str, ...]) -> list[str]:
    """Add a module after those that it imports; give the names that it exports."""
    if name in above:
        raise ValueError(f"Expected no circle of imports, but {' -> '.join((*above, name))}.")
    source = (EXPLORER / f"{name}.js").read_text(encoding="utf-8")
    for _, path in _IMPORT.findall(source):
        imported = _name_of(path, name)
        if imported not in modules:
            _link(imported, modules, (*above, name))
    names = [n for _, exported in _EXPORT.findall(source) for n in re.findall(r"\w+", exported)]
    body = _IMPORT.sub(lambda m: f"const {{{m[1]}}} = modules['{_name_of(m[2], name)}'];\n", source)
    body = _EXPORT.sub(r"\1\2", body).replace("\nexport {};", "")
    modules[name] = (
        f"modules['{name}'] = (() => {{\n{body}\nreturn {{ {', '.join(names)} }};\n}})();"
    )
    return names


def _name_of(path: str, importer: str) -> str:
    """Return a module's name, as "kit/dom", from the path by which another one imports it."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), path))


@cache
def explorer_style() -> str:
    """Join the style sheets: the common one first, then those of the kit and of the panels."""
    sheets = sorted(EXPLORER.rglob("*.css"), key=lambda p: p.relative_to(EXPLORER).as_posix())
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
