import requests


def handed_out(found=[]):  # expect: AG0915 low
    return found


def not_used_yet(options={}):  # expect: AG0915 low
    raise NotImplementedError


def passed_on(url, params={}):  # expect: AG0915 low
    return requests.get(url, params=params, timeout=3)


def in_a_closure(names=[]):  # expect: AG0915 low
    def add(name):
        names.append(name)

    return add, len(names)


class Query:
    def __init__(self, filters=[]):  # expect: AG0915 low
        self.filters = filters
