"""How the files of the pages are collected: each under a name that says its content, so that browsers keep it."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Renames files also where scripts import them: only the names with a hash are served."""

    support_js_module_import_aggregation = True
