"""Speed and size, each beside a floor measured in the same run. Nothing here is asserted: the tables are read."""
