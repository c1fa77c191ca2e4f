DEBUG = True
INSTALLED_APPS = ["django.contrib.admin"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
