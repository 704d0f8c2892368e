"""Who may do what: roles, scopes, field groups, and the roles of the database."""
