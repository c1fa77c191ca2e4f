from django.contrib import admin
from django.urls import include, path

from shop import pages

urlpatterns = [
    path("", include("shop.orders.urls")),
    path("", include("shop.users.urls")),
    path("admin/", admin.site.urls),
    path("about/", pages.about, name="about"),
    path("about/us/", pages.about, name="about-us"),
]
