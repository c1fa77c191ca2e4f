from flask import Blueprint, Flask

orders = Blueprint("orders", __name__)


@orders.route("/<int:order_id>")
def show(order_id):
    return str(order_id)


@orders.get("/<int:number>")  # expect: AG0308
def show_number(number):
    return str(number)


app = Flask(__name__)
app.register_blueprint(orders, url_prefix="/orders")
