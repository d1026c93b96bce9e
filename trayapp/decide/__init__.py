"""What to do about it, and what to show: functions of verdicts and of this user's wishes.

Here belong words, notices, pictures and documents. What is true was judged before; how it reaches a screen, a
daemon or a disk is the business of `desktop/` and `adapters/`.
"""
