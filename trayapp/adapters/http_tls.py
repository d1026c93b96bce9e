"""Whom we trust: the operating system's certificates, so that a company's own authority counts as in its browsers.

macOS and Windows verify through their own interfaces, which truststore speaks. On Linux and the BSDs the system's store
is a file that OpenSSL reads; there the standard library does the same work, because truststore reads that file again at
each handshake (measured with Debian's: 20 to 30 ms on the loop, against 0.1 ms). Verification is never switched off.
"""

from __future__ import annotations

import os
import ssl
import sys
from pathlib import Path

#: Where systems keep the store, for a Python whose OpenSSL was built with other paths (a packaged app). In order:
#: Debian and its kin; Alpine, Arch, Fedora; Fedora and RHEL; older Fedora and RHEL; SUSE.
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/ca-bundle.pem",
)


class NoTrust(Exception):
    """No certificate can be verified; the message says why in one line."""


def context() -> ssl.SSLContext:
    """Return a context that verifies by the system's store, or by SSL_CERT_FILE and SSL_CERT_DIR where they are set.

    It blocks for some tens of milliseconds: make one, off the loop, for all connections. On macOS and Windows the
    certificates of the two variables count beside the system's. Raises NoTrust.
    """
    file, folder = os.environ.get("SSL_CERT_FILE") or None, os.environ.get("SSL_CERT_DIR") or None
    if file is not None and not Path(file).is_file():
        raise NoTrust("SSL_CERT_FILE names a file that does not exist")
    if folder is not None and not any(Path(part).is_dir() for part in folder.split(os.pathsep)):
        raise NoTrust("SSL_CERT_DIR names a folder that does not exist")
    made = _system()
    if file is None and folder is None:
        if sys.platform not in ("darwin", "win32"):
            _load(made)
        return made
    try:
        made.load_verify_locations(file, folder)
    except OSError:
        raise NoTrust("the certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read") from None
    return made


def _system() -> ssl.SSLContext:
    if sys.platform in ("darwin", "win32"):
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _load(made: ssl.SSLContext) -> None:
    """Load the system's store: by OpenSSL's own paths if something is there, else from where systems keep it."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile or (paths.capath and any(Path(paths.capath).glob("*.[0-9]"))):
        made.set_default_verify_paths()
        return
    bundle = next((path for path in _BUNDLES if Path(path).is_file()), None)
    if bundle is None:
        raise NoTrust("this system has no certificates to verify with; on Debian: apt install ca-certificates")
    try:
        made.load_verify_locations(bundle)
    except OSError:
        raise NoTrust(f"the system's certificates in {bundle} cannot be read") from None
