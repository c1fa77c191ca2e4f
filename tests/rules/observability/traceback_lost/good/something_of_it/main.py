import json
import logging
import traceback

import click
import sentry_sdk

logger = logging.getLogger(__name__)


def with_traceback(orders) -> None:
    try:
        orders.sync()
    except Exception:
        logger.exception("failed")


def asked_for(orders) -> None:
    try:
        orders.sync()
    except Exception as error:
        logger.error("failed", exc_info=error)
    try:
        orders.sync()
    except Exception:
        logger.warning("failed", exc_info=True)


def in_the_message(orders) -> None:
    try:
        orders.sync()
    except Exception as error:
        logger.error("failed: %s", error)
    try:
        orders.sync()
    except Exception as error:
        logger.error(f"failed: {error}")


def raised(orders) -> None:
    try:
        orders.sync()
    except Exception:
        logger.error("failed")
        raise


def handed_on(orders, failures) -> None:
    try:
        orders.sync()
    except Exception as error:
        logger.error("failed")
        failures.append(error)
    try:
        orders.sync()
    except Exception:
        logger.error("failed")
        sentry_sdk.capture_exception()
    try:
        orders.sync()
    except Exception:
        logger.error("failed: %s", traceback.format_exc())


def narrow(orders) -> None:
    try:
        orders.sync()
    except ValueError:
        logger.error("the orders are no numbers")


def one_conversion(text) -> dict:
    try:
        return json.loads(text)
    except Exception:
        logger.warning("no JSON: %s", text)
    return {}


def closing(client) -> None:
    try:
        client.close()
    except Exception:
        logger.warning("not closed")


def in_a_handler(orders) -> None:
    try:
        orders.sync()
    except ValueError as error:
        try:
            logger.error("failed: %s", error.args[0].text)
        except Exception:
            logger.error("failed")


def expected(orders) -> None:
    try:
        orders.sync()
    except Exception:
        logger.debug("not there yet")


def no_logger(orders, dialog) -> None:
    try:
        orders.sync()
    except Exception:
        orders.error("failed")


@click.command()
def command(orders) -> None:
    try:
        orders.sync()
    except Exception:
        logger.error("failed")
