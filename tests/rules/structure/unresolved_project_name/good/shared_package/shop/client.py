from shop.contract.orders import Order
from shop import contract, Order as Same

print(Order, Same, contract)
