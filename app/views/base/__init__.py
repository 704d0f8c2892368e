"""The only adapter to Flask-AppBuilder: what it gives is kept here, what it breaks is mended here."""
