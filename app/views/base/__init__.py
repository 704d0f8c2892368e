"""The only adapter to Flask-AppBuilder: what it gives is used here, what it breaks mended here."""
