"""Nouns and ports: what everyone talks about, and what the line asks of the world.

Here belong frozen values in the words of the field, and the protocols of `ports`. Not here: anything that
decides, fetches, stores, draws, or knows the time.
"""
