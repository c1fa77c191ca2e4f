from flask import Blueprint, Flask

orders = Blueprint("orders", __name__)


@orders.route("/<name>")
def show(name):
    return name


@orders.route("/new")
def new():
    return "werkzeug tries the fixed path first"


@orders.route("/<int:number>")
def numbered(number):
    return str(number)


app = Flask(__name__)
app.register_blueprint(orders, url_prefix="/orders")
