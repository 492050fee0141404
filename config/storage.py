"""Where collected static files are, and under which names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

_FILES, _IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns  # noqa: SLF001


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise ships no types
    """Names with a hash of the content, in the imports of our modules too.

    So everything may be kept for ever, and a page never mixes modules of two versions.
    """

    support_js_module_import_aggregation = True
    # Without `import("…")`: with us that names types in JSDoc, and types may refer to each other in a circle.
    _js_module_import_aggregation_patterns = (_FILES, _IMPORTS[:-1])
    max_post_process_passes = 20  # as deep as modules may import each other
