from django.urls import path

from shop import pages

urlpatterns = [
    path("orders/", pages.orders, name="orders"),
    path("about/", pages.about),
    path("orders/", pages.Orders.as_view()),  # expect: AG0308
]
