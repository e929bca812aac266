"""Reads a page's form as a browser does, so that a test sends it back as it came, with what it types over it."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.fields, self.inside, self.select, self.textarea = {}, False, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "form":
            self.inside = attrs.get("id", "") not in {"logout-form", "changelist-search"}
        elif self.inside and tag == "input" and name:
            self._input(name, attrs)
        elif self.inside and tag == "select" and name:
            self.select = name
            self.fields.setdefault(name, [])
            self.first = None
        elif self.inside and tag == "option" and self.select:
            self.first = attrs.get("value", "") if self.first is None else self.first
            if "selected" in attrs:
                self.fields[self.select].append(attrs.get("value", ""))
        elif self.inside and tag == "textarea" and name:
            self.textarea = name
            self.fields[name] = ["", "first"]

    def _input(self, name, attrs):
        kind = attrs.get("type", "text")
        if kind in {"submit", "button", "file"} or "disabled" in attrs:
            return
        if kind in {"checkbox", "radio"}:
            if "checked" in attrs:
                self.fields.setdefault(name, []).append(attrs.get("value", "on"))
        else:
            self.fields.setdefault(name, []).append(attrs.get("value", ""))

    def handle_data(self, data):
        if self.textarea:
            text, first = self.fields[self.textarea]
            data = data.removeprefix("\n") if first else data  # the one that the browser does not count
            self.fields[self.textarea] = [text + data, ""]

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select" and self.select:
            if not self.fields[self.select] and self.first is not None:
                self.fields[self.select] = [self.first]
            self.select = None
        elif tag == "textarea" and self.textarea:
            self.fields[self.textarea] = self.fields[self.textarea][:1]
            self.textarea = None


def form_of(answer):
    """What the browser would send of the form on the page, without a change and without its buttons."""
    reader = _Reader()
    reader.feed(answer.content.decode())
    return {name: values for name, values in reader.fields.items() if "__prefix__" not in name}
