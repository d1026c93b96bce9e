"""How the world is reached: one outside library a file, behind one port of `model/ports.py`. No decision is made here.

What belongs here: whatever waits, reads, writes or asks the system. What does not: what an answer means (`judge/`),
what to do about it (`decide/`), and everything of Qt (`desktop/`).
"""
