import functools

from flask import Blueprint, Flask

orders = Blueprint("orders", __name__)


def with_user(view):
    @functools.wraps(view)
    def inner(**arguments):
        return view(user="anna", **arguments)

    return inner


@orders.route("/<int:order_id>")
def show(order_id, details=False):
    return f"{order_id} {details}"


@orders.route("/<int:order_id>/mine")
@with_user
def mine(order_id, user):
    return f"{order_id} {user}"


@orders.route("/any/<path:rest>")
def anything(**arguments):
    return str(arguments)


@orders.route("/list", defaults={"page": 1})
@orders.route("/list/<int:page>")
def listed(page):
    return str(page)


@orders.url_value_preprocessor
def take_tenant(endpoint, values):
    values.pop("tenant")


app = Flask(__name__)
app.register_blueprint(orders, url_prefix="/orders/<tenant>")
