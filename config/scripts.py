"""`{% script "js/grid/page.js" %}`: a script of a page, with all that it imports asked for at once.

Without that a browser finds what a script imports only when it has read it, and so on: a walk to the server and back
for each script on the way.
"""

import re
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

IMPORTED = re.compile(r"""^import\b[^"]*"(\.[^"]+)";""", re.MULTILINE)

register = template.Library()


@register.simple_tag
def script(name: str) -> SafeString:
    """Return the tags that run the module `name` of the static files. Raise FileNotFoundError where there is none.

    What the page is drawn with comes before them: on a slow line they would hold up its style sheets and its font.
    """
    preloads = format_html_join(
        "", '<link rel="modulepreload" fetchpriority="low" href="{}">', ((static(one),) for one in imports_of(name))
    )
    return preloads + format_html('<script type="module" fetchpriority="low" src="{}"></script>', static(name))


@cache
def imports_of(name: str) -> tuple[str, ...]:
    """Return the names of all modules that this one brings along, each once."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        importing = waiting.pop()
        path = finders.find(importing)
        if not isinstance(path, str):
            raise FileNotFoundError(f"There is no static file {importing}, which {name} imports.")
        for imported in IMPORTED.findall(Path(path).read_text(encoding="utf-8")):
            address = normpath(join(dirname(importing), imported))
            if address not in found:
                found[address] = None
                waiting.append(address)
    return tuple(found)
