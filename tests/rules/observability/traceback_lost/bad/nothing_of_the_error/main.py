import logging
from logging import critical

from loguru import logger as log

logger = logging.getLogger(__name__)


def sync(orders) -> None:
    try:
        orders.sync()
    except Exception:
        logger.error("syncing the orders failed")  # expect: AG0703 medium


def named_and_not_used(orders) -> None:
    try:
        orders.sync()
    except (ValueError, Exception) as error:
        log.warning("syncing %s failed", orders)  # expect: AG0703


def switched_off(orders) -> bool:
    try:
        orders.sync()
    except:
        critical("failed", exc_info=False)  # expect: AG0703
        return False
    return True


class Worker:
    def run(self, orders) -> None:
        try:
            orders.sync()
        except BaseException:
            self.logger.error("failed", exc_info=None)  # expect: AG0703
