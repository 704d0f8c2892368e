"""From the files of other systems to typed cards; pure: no database, no request."""
