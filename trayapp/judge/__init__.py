"""What is therefore true? Pure functions from what was seen to what we hold.

Here belongs what is the same for every user with this evidence. What depends on a user's wishes (may it interrupt,
which agent to move) is decided in `decide/`. Nothing here knows the time, the network or the screen.
"""
