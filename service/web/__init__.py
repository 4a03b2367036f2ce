"""HTTP and HTML without a business word."""
