"""What the user sees: icon, menu and window. The only room that knows Qt.

Here belongs everything drawn, clicked or asked of the desktop session: a Picture comes in, a Command goes out. Not
here: any decision about what is true, what to tell or when to look; any request to a provider; any file of the user's.
`loop.py` starts it all, `bridge.py` is the Screen; nothing outside imports any other file but `icons.py`.
"""
