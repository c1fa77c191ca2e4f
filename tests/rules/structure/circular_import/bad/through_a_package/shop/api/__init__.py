from shop.api.routes import routes
