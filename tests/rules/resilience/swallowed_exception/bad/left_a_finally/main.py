def answered(work) -> bool:
    done = False
    try:
        work()
        done = True
    finally:
        return done  # expect: AG0606 medium


def turned(work) -> None:
    while True:
        try:
            work()
        finally:
            if work:
                break  # expect: AG0606 medium
            continue


async def handled(work) -> bool:
    try:
        await work()
    except Exception:
        print("failed")
    finally:
        return True  # expect: AG0606 medium


def nearly_all_is_handled(work) -> bool:
    try:
        work()
    except Exception:
        print("failed")
    finally:
        return True  # expect: AG0606 low
