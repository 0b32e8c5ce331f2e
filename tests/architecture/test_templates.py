"""Every page extends the layout, and no page carries what the content security policy forbids."""

import re
from pathlib import Path

from tests.architecture.sources import ROOT, files_under, shown

FREE = {"_layout", "components", "mail"}
EXTENDS = re.compile(r"{%-?\s*extends\s+[\"']([a-z0-9_/-]+\.html)[\"']")
FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)", re.IGNORECASE),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "third party": re.compile(r"(src|href)\s*=\s*[\"'](https?:)?//", re.IGNORECASE),
    "unescaped": re.compile(r"\|\s*safe\b|autoescape\s+false"),
}
# Links a reader may follow are no request of the page.
ALLOWED_LINES = re.compile(r"<a\b[^>]*rel=[\"'][^\"']*noreferrer")


def _reaches_the_layout(path: Path) -> bool:
    parent = EXTENDS.search(path.read_text(encoding="utf-8"))
    if parent is None:
        return False
    name = parent.group(1)
    return name.startswith("_layout/") or _reaches_the_layout(ROOT / "templates" / name)


def test_every_page_extends_the_layout() -> None:
    found = []
    for path in files_under("templates", ".html"):
        room = path.relative_to(ROOT / "templates").parts[0]
        if room not in FREE and not path.name.startswith("_") and not _reaches_the_layout(path):
            found.append(shown(path))
    assert not found, "\n".join(found)


def test_no_page_carries_what_the_policy_forbids() -> None:
    found = []
    for path in files_under("templates", ".html"):
        if path.relative_to(ROOT / "templates").parts[0] == "mail":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if ALLOWED_LINES.search(line):
                continue
            found += [
                f"{shown(path)}:{number}: {what}" for what, rule in FORBIDDEN.items() if rule.search(line)
            ]
    assert not found, "\n".join(found)


def test_every_posting_form_carries_the_token() -> None:
    """A form that posts names csrf_token, form.hidden_tag or a macro that does."""
    form = re.compile(r"<form\b[^>]*method=[\"']post[\"'][^>]*>(.*?)</form>", re.IGNORECASE | re.DOTALL)
    token = re.compile(r"csrf_token|hidden_tag|csrf\(")
    found = [
        shown(path)
        for path in files_under("templates", ".html")
        for body in form.findall(path.read_text(encoding="utf-8"))
        if not token.search(body)
    ]
    assert not found, "\n".join(found)


def test_a_template_imports_what_it_uses() -> None:
    """A name in a comment, in a text or as somebody else's attribute is no use; what is included imports for itself."""
    imports = re.compile(r"{%-?\s*from\s+\"[^\"]+\"\s+import\s+(.*?)(?:\s+with context)?\s*-?%}", re.DOTALL)
    found = []
    for path in files_under("templates", ".html"):
        text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        named = [name.split(" as ")[-1].strip() for one in imports.findall(text) for name in one.split(",")]
        code = " ".join(re.findall(r"{[{%].*?[}%]}", imports.sub("", text), flags=re.DOTALL))
        code = re.sub(r"\"[^\"]*\"|'[^']*'", "", code)
        found += [f"{shown(path)}: {name}" for name in named if not re.search(rf"(?<![.|\w]){name}\b", code)]
    assert not found, "\n".join(found)
