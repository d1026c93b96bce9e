"""Status-page platforms, one file each, found by the name that a vendor gives.

Each has `answer(vendor, board, path)`, which returns the document at a path, or None where the platform has none.
"""
