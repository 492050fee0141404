"""A fake Meta and a customer's phone in the browser, for development and tests.

A Django project of its own: it speaks to the helpdesk over HTTP only and imports nothing of it.
"""
