def behind(work) -> bool:
    try:
        work()
    finally:
        print("done")
    return True


def loop_of_its_own(work) -> None:
    try:
        work()
    finally:
        for each in work:
            if each:
                break
            continue


def function_of_its_own(work):
    try:
        work()
    finally:

        def later() -> bool:
            return True

        later()
