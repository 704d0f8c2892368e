"""The API: every record of the catalogue as JSON, with the rights and checks of the pages."""
