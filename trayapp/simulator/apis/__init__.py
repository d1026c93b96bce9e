"""The vendors' APIs, one file for each dialect, found by the name that a vendor gives.

Each has `answer(vendor, ask, door)`, which raises `Broken` where the request passes through what is broken, and
`error(status, code, message, number)`, which returns an error in the vendor's own form; without a code and a message
it is the usual one for that status. `number` is the request's, from which its id is made.
"""
