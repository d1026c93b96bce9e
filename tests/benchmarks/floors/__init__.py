"""The smallest programs that do what ours cannot do without: what is measured is ours divided by these."""
