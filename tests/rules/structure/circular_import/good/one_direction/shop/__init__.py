from shop.orders import Order as Order
