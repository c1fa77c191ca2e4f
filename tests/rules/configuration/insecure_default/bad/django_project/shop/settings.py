DEBUG = True  # expect: AG0806 high
INSTALLED_APPS = ["django.contrib.admin"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
CORS_ALLOW_ALL_ORIGINS = True  # expect: AG0806 high
CORS_ALLOW_CREDENTIALS = True
