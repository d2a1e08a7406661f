"""Backups as the tests take them apart and put them together."""

import hashlib
import io
import json
import tarfile
from pathlib import Path


def members(path: Path) -> dict[str, bytes]:
    """Return what a backup holds, by name."""
    with tarfile.open(path) as tar:
        return {info.name: content.read() for info in tar if (content := tar.extractfile(info))}


def manifest(path: Path) -> dict:
    """Return a backup's list of what it holds."""
    return json.loads(members(path)["manifest.json"])


def put_together(path: Path, content: dict[str, bytes], manifest: dict, *extra: tarfile.TarInfo) -> Path:
    """Write a backup with this content and this list, and with bare headers besides."""
    with tarfile.open(path, "w") as tar:
        for name, data in [*content.items(), ("manifest.json", json.dumps(manifest).encode())]:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for info in extra:
            tar.addfile(info)
    return path


def list_and_add(content: dict, manifest: dict, name: str, data: bytes) -> None:
    """Put a file into the content of a backup, and truthfully into its list."""
    content[name] = data
    manifest["members"][name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
