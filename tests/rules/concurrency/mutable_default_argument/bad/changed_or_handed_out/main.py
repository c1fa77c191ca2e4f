from collections import defaultdict


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


class Query:
    def __init__(self, filters=[]):
        self.filters = filters  # expect: AG0915 low


def handed_out(found=[]):
    return found  # expect: AG0915 low
