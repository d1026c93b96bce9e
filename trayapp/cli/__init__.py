"""The same as text, one file a command.

Here belong arguments, tables and exit codes. Not here: any decision, any Qt.
"""
