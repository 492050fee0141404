"""Meta's Graph API, as far as a helpdesk uses it."""
