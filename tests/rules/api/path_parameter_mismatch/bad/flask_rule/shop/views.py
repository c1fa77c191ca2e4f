from flask import Blueprint, Flask

orders = Blueprint("orders", __name__, url_prefix="/orders")


@orders.route("/<int:order_id>")  # expect: AG0309
def show(id):
    return str(id)


@orders.route("/new")  # expect: AG0309
def new(kind):
    return kind


def archive():
    return "archived"


app = Flask(__name__)
app.register_blueprint(orders, url_prefix="/v1/orders")
app.add_url_rule("/archive/<int:year>", "archive", archive)  # expect: AG0309
