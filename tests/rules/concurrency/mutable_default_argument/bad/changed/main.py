from collections import defaultdict

DEFAULTS = {"debug": False}


def tagged(name, tags=[]):
    tags.append(name)  # expect: AG0915 medium
    return tags


def counted(name, counts=defaultdict(int)):
    counts[name] += 1  # expect: AG0915


def through_another_name(options={}):
    chosen = options
    chosen["debug"] = True  # expect: AG0915


def grown(items=[]):
    items += [1]  # expect: AG0915


def only_in_one_branch(fast, options={}):
    if fast:
        options = dict(options)
    options["fast"] = fast  # expect: AG0915


def only_otherwise(fast, options={}):
    if fast:
        fast = 1
    else:
        options = {}
    options["fast"] = fast  # expect: AG0915


def not_replaced(options={}):
    if options is None:
        options = {}
    options["a"] = 1  # expect: AG0915


def a_constant(name, options=DEFAULTS):
    options["name"] = name  # expect: AG0915


def removed(words=["a", "b"]):
    words.remove("a")  # expect: AG0915


def add(item, found):
    found.append(item)  # expect: AG0915


def handed_to_one_that_changes_it(item, found=[]):
    add(item, found)


class Query:
    def __init__(self, filters=[]):
        self.filters = filters

    def where(self, text):
        self.filters.append(text)  # expect: AG0915
