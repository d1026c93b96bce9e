#!/bin/sh
# What dunst calls its "dmenu": the choices come in on standard input, one a line, and the chosen one goes out.
# The test says beforehand which one that is, in the file $UPTRAY_TEST_PICK.
grep -F -m1 -e "$(cat "$UPTRAY_TEST_PICK")"
