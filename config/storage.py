"""Where collected static files are, and under which names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise ships no types
    """Names with a hash of the content, in the imports of our modules too: everything may be kept for ever, and a page
    never mixes modules of two versions.
    """

    support_js_module_import_aggregation = True
