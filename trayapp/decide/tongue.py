"""The language of all sentences. One translation, bound once: looking it up on disk for every sentence took a tenth of
a look's time.
"""

from __future__ import annotations

from gettext import NullTranslations

#: Return the text in the user's language; there is none but English yet.
_ = NullTranslations().gettext
