"""The customer's phone in the browser."""
