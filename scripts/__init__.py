"""Helpers of make; the product does not import them."""
