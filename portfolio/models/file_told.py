"""What events tell of a file that somebody has put beside a row: a report, minutes, a certificate."""

from typing import Any

from record.event_content import told_time


def file_told(row: Any) -> dict[str, Any]:
    """Its name, type, digest and size, and who put it there when. `row` has the stored file with it."""
    return {
        "name": row.name,
        "type": row.content_type,
        "sha256": row.stored_file.sha256,
        "size": row.stored_file.size,
        "added_by": str(row.added_by.uuid),
        "added_at": told_time(row.added_at),
    }
