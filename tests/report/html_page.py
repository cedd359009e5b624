"""What a browser would take from a page, and that it loads nothing."""

from html.parser import HTMLParser

_VOID = {"meta", "input", "br", "link", "img", "wbr"}


class Page(HTMLParser):
    """What a browser would take from a page; fails where an element is not closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.words = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    def all(self, attribute):
        return [attributes[attribute] for _, attributes in self.elements if attribute in attributes]


def assert_whole_and_offline(text):
    """Every link within the page leads somewhere, no name is a tag, and nothing is loaded."""
    page = Page(text)
    assert "<script>alert" not in text
    scripts = [attributes.get("type") for tag, attributes in page.elements if tag == "script"]
    assert scripts in ([None], ["application/json", None])
    assert not [link for link in page.all("src") + page.all("href") if "://" in link and "jaspar" not in link]
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    targets = {link[1:] for link in page.all("href") if link.startswith("#")}
    assert targets <= set(ids)
