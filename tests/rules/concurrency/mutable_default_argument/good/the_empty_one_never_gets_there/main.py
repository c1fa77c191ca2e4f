def guarded(payload={}):
    if payload:
        payload["sent"] = True
    return str(payload)


def guarded_in_part(ready, payload={}):
    if ready and payload:
        payload["sent"] = True
    return len(payload)


def left_early(payload={}):
    if not payload:
        return None
    payload["sent"] = True
    return len(payload)


def for_each(payload={}):
    for key in list(payload):
        payload[key] = key.upper()
    return len(payload)


def if_it_is_there(payload={}):
    if "name" in payload:
        payload["name"] = payload["name"].upper()
    return len(payload)


def taken_out(options={}):
    name = options.pop("name", None)
    return name, len(options)


def otherwise(payload={}):
    ready = True
    if not payload:
        ready = False
    else:
        payload["sent"] = ready
    return len(payload)


def counted(payload={}):
    if len(payload) > 1:
        payload["many"] = True
    if len(payload):
        payload["sent"] = True
    return len(payload)


def asked(payload={}):
    if payload.get("name"):
        payload["named"] = True
    return len(payload)


def another_name_for_a_full_one(found=[]):
    result = []
    if found:
        result = found
    result.append(1)
    return result
