"""Checks a submission pack of Countersign: a ZIP, or the folder that it was unpacked into.

    python3 check.py PACK [--key FINGERPRINT]

Needs Python 3.9 or later and nothing else; it reads the pack, and changes and sends nothing. Without PACK it checks the
folder in which it lies. Whoever changes a pack can change the checker in it too: where it matters, take the one that
comes with Countersign, and give the fingerprint of the key that the centre publishes.

It ends with 0 if all is true, 1 if something is false, 2 if there is something that it could not check. What a pack
holds, and what is checked: docs/contributors/documents.md.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

VERSION = 1  # of packs that this checker knows
DOCUMENTS = {3, 4, 5}  # the formats of signed documents that it knows
TITLE = "Countersign submission pack, format "
MANIFEST = "MANIFEST"
KEYS, SIGNATURES, CHAIN, NOTE, PROOF = (
    f"record/{name}" for name in ("keys.json", "signatures.json", "chain.jsonl", "checkpoint.note", "checkpoint.json")
)
LEFT_BY_SYSTEMS = {".DS_Store", "Thumbs.db", "desktop.ini"}
START = "0" * 64
_EVENT = ("event", "sequence", "kind", "actor", "happened_at", "payload_digest", "previous")
NOT_THERE = {"lost", "removed", "failed"}
UNREADABLE = (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error)
LARGEST = 100_000_000  # bytes of a file that is read at once: all but evidence

# --- Ed25519, as in RFC 8032 (5.1) ---------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple  # x, y, z and t, with x = x/z, y = y/z, t = xy/z


def _add(a: Point, b: Point) -> Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _add(found, point)
        point, number = _add(point, point), number >> 1
    return found


def _point(encoded: bytes) -> Point | None:
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(public_key: bytes, content: bytes, signature: bytes) -> bool:
    """Say whether `signature` is the Ed25519 signature of this key over these bytes."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, r, s = _point(public_key), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or r is None or BASE is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public_key + content).digest(), "little") % ORDER
    a, b = _times(s, BASE), _add(r, _times(h, key))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


# --- The pack, as a ZIP or a folder --------------------------------------------------------------------


class NotAPack(Exception):
    """It cannot be checked; the message says why."""


class Pack:
    """The files of a pack by their names, with `/` between folders."""

    def __init__(self, path: Path) -> None:
        self.twice: list[str] = []
        self.zip: zipfile.ZipFile | None = None
        self.files: dict[str, Any] = {}
        if path.is_dir():
            for found in sorted(path.rglob("*")):
                if found.is_file() or found.is_symlink():
                    self._put(found.relative_to(path).as_posix(), found)
            return
        try:
            self.zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise NotAPack(f"{path} is neither a folder nor a ZIP that can be read: {error}") from error
        for entry in self.zip.infolist():
            if not entry.is_dir():
                self._put(entry.filename, entry)

    def _put(self, name: str, at: Any) -> None:
        if name.rpartition("/")[2] in LEFT_BY_SYSTEMS or name.startswith("__MACOSX/") or "__pycache__/" in name:
            return
        name = unicodedata.normalize("NFC", name)  # some systems write an accent apart from its letter
        if name in self.files:
            self.twice.append(name)
        self.files[name] = at

    def open(self, name: str) -> IO[bytes]:
        """Open a file for reading. Raises KeyError if it is not there."""
        at = self.files[name]
        return self.zip.open(at) if self.zip else at.open("rb")

    def read(self, name: str) -> bytes:
        """Return all of a file that is not evidence. Raises NotAPack if it is not there, or far too large."""
        try:
            with self.open(name) as file:
                content = file.read(LARGEST + 1)
        except (KeyError, *UNREADABLE) as error:
            raise NotAPack(f"{name} is missing, or cannot be read.") from error
        if len(content) > LARGEST:
            raise NotAPack(f"{name} is far larger than in any pack.")
        return content

    def measured(self, name: str, most: int) -> tuple[str, int]:
        """Return the digest and the length of a file; of one longer than `most`, or unreadable, what could be read."""
        hashed, size = hashlib.sha256(), 0
        try:
            with self.open(name) as file:
                while size <= most and (chunk := file.read(1 << 20)):
                    hashed.update(chunk)
                    size += len(chunk)
        except UNREADABLE:  # its checksum in the ZIP is another, say
            return "", size
        return hashed.hexdigest(), size


# --- What is checked -----------------------------------------------------------------------------------


class Check:
    """One look at a pack: what was found true, what is false, and what could not be checked, a sentence each."""

    def __init__(self, pack: Pack, key: str) -> None:
        self.pack, self.key = pack, key
        self.true: list[str] = []
        self.false: list[str] = []
        self.unknown: list[str] = []
        self.keys: dict[str, bytes] = {}  # by fingerprint
        self.retired: dict[str, int] = {}  # how long the site's chain was when a key was rotated away
        self.heads: dict[int, str] = {0: START}  # the digest of each event of the chain, by its place
        self.about: dict[str, Any] = {}  # what the chain says of itself
        self.told: set[str] = set()  # digests of documents of which events tell
        self.hidden = 0  # events whose particulars are not here
        self.listed: dict[str, tuple[str, str, int]] = {}  # what became of it, digest and length, by path

    def run(self) -> None:
        """Check all. Raises NotAPack for what is none, or of a version that is not known."""
        self.manifest()
        self.listed_files()
        for part in (self.chain, self.signatures, self.checkpoint):
            try:
                part()
            except NotAPack as error:
                self.false.append(str(error))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                self.false.append(f"What lies in record/ cannot be read ({part.__name__}): {error!r}")

    def manifest(self) -> None:
        """Read the list of files, and check who signed it."""
        text, lines = _note(self.pack.read(MANIFEST))
        head = text.split("\n")
        if not head[0].startswith(TITLE):
            raise NotAPack("This is no submission pack of Countersign: its MANIFEST does not say so.")
        if head[0] != f"{TITLE}{VERSION}":
            raise NotAPack(f"This checker knows packs of format {VERSION}. Take one that knows: {head[0][:80]}")
        said = dict(line.split(" ", 1) for line in head[1:] if line.partition(" ")[0] in {"site", "portfolio", "made"})
        self.true.append(f"It is the pack of portfolio {said['portfolio']} of {said['site']}, made {said['made']}.")
        for line in head[1:]:
            kind, _, rest = line.partition(" ")
            if kind in {"file", *NOT_THERE}:
                sha256, size, path = rest.split(" ", 2)
                self.listed[path] = (kind, sha256, int(size))
        halves = [bytes.fromhex(one["public_key"]) for one in json.loads(self.pack.read(KEYS))]
        self.keys = {_sha256(half): half for half in halves}
        self._manifest_signed(self._signer(text, lines, said["site"]))

    def _signer(self, text: str, lines: list[tuple[str, bytes]], name: str) -> str:
        """Return the fingerprint of the key that signed a note in this name; "" if none of the pack did."""
        for fingerprint, half in self.keys.items():
            key_id = hashlib.sha256(name.encode() + b"\n\x01" + half).digest()[:4]
            for by, signed in lines:
                if (by, signed[:4]) == (name, key_id) and is_signed(half, text.encode(), signed[4:]):
                    return fingerprint
        return ""

    def _manifest_signed(self, by: str) -> None:
        if not by:
            self.false.append("The signature of MANIFEST is false: the list was changed, or another key signed it.")
        elif not self.key:
            self.unknown.append(
                f"MANIFEST is signed by the key {by}. Compare this with the fingerprint that the centre publishes, or "
                "give that with --key: whoever makes a pack of their own signs it with a key of their own."
            )
        elif by.startswith(self.key):
            self.true.append("MANIFEST is signed by the key that you gave.")
        else:
            self.false.append(f"MANIFEST is signed by the key {by}, which is not the one that you gave.")

    def listed_files(self) -> None:
        """Compare each file with the list, and look for files that are not in it."""
        whole, there = 0, {MANIFEST}
        for path, (kind, sha256, size) in self.listed.items():
            there |= {path} if kind == "file" else set()
            if kind != "file":
                self.true.append(f"Not in the pack when it was made ({kind}): {path}")
            elif path not in self.pack.files:
                self.false.append(f"Missing: {path}")
            elif self.pack.measured(path, size) != (sha256, size):
                self.false.append(f"Changed: {path}")
            else:
                whole += 1
        self.true.append(f"{whole} of {len(there) - 1} files are as listed.")
        self.false += [f"Too many: {name}" for name in [*self.pack.twice, *(self.pack.files.keys() - there)]]

    def chain(self) -> None:
        """Check that each event follows on the one before, and says what it said."""
        head, *lines = self.pack.read(CHAIN).decode().rstrip("\n").split("\n")
        self.about, previous = json.loads(head), START
        for place, line in enumerate(lines, start=1):
            event = json.loads(line)
            named = {"chain": self.about["chain"], **{name: event[name] for name in _EVENT}}
            if (event["sequence"], event["previous"]) != (place, previous):
                self.false.append(f"Event {place} of the chain does not follow on the one before it.")
            # Canonical JSON (RFC 8785), as far as that matters for names in plain letters.
            canonical = json.dumps(named, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            if _sha256(canonical.encode()) != event["digest"]:
                self.false.append(f"Event {event['sequence']} of the chain was changed.")
            if event["body"] is None:
                self.hidden += 1
            elif _sha256(bytes.fromhex(event["salt"]) + event["body"].encode()) != event["payload_digest"]:
                self.false.append(f"What event {event['sequence']} of the chain tells was changed.")
            else:
                said = json.loads(event["body"]).get("signature")
                self.told |= {said["digest"]} if isinstance(said, dict) and "digest" in said else set()
            self.heads[place] = previous = event["digest"]
        if (len(lines), previous) != (self.about["length"], self.about["head"]):
            self.false.append("The chain does not end where it says: events were cut off or put in.")
        hidden = f"; what {self.hidden} of them tell is not in this pack (erased, or not for who took it)"
        self.true.append(f"{len(lines)} events of the portfolio were looked at{hidden if self.hidden else ''}.")

    def signatures(self) -> None:
        """Check each signed document, and the documents by which keys were replaced."""
        rows, before = json.loads(self.pack.read(SIGNATURES)), len(self.false)
        read = [(row, self._document(row)) for row in rows]
        for row, said in read:
            if row["kind"] == "key_rotation" and said:
                self.retired[said["old"]] = said["record"]["site"]["length"] + 1
        for row, document in read:
            self._signature(row, document)
        if len(self.false) == before:
            self.true.append(f"{len(rows)} signed documents and their signatures were looked at.")

    def _document(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """Return the document of a signature; None if it is not in the pack, or is not what was signed."""
        if row["file"] is None:
            return None
        body = self.pack.read(row["file"])
        if _sha256(body) == row["digest"]:
            return dict(json.loads(body))
        self.false.append(f"{row['file']} is not the document that was signed.")
        return None

    def _signature(self, row: dict[str, Any], document: dict[str, Any] | None) -> None:
        name = row["file"] or row["called"]
        half = self.keys.get(row["key"])
        if half is None or not is_signed(half, bytes.fromhex(row["digest"]), bytes.fromhex(row["signature"])):
            self.false.append(f"The signature under {name} is false, or by a key that is not in the pack.")
        if row["file"] is None:
            self.true.append(f"Left out: {name} is not for who took this pack. Its digest and signature are here.")
        if document is None:
            return
        if document["record"]["site"]["length"] >= self.retired.get(row["key"], sys.maxsize):
            self.false.append(f"The key that signed {name} had been replaced before.")
        if row["kind"] != "signature":
            return
        if document.get("format") not in DOCUMENTS:
            self.unknown.append(f"{name} is of format {document.get('format')}, which this checker does not know.")
            return
        if self.heads.get((beside := document["record"]["portfolio"])["length"]) != beside["head"]:
            self.false.append(f"The chain is not the one beside which {name} was signed: it was written anew.")
        if not self.hidden and row["digest"] not in self.told:
            self.false.append(f"No event of the chain tells of the signature under {name}.")
        if row["superseded_at"] is None:
            self._files_signed_for(name, document)

    def _files_signed_for(self, name: str, document: dict[str, Any]) -> None:
        there = {sha256 for _, sha256, _ in self.listed.values()}
        named = [(piece["number"], file) for piece in document["evidence"] for file in piece["files"]]
        for number, file in named:
            if file["sha256"] not in there and "removed" not in file:
                self.false.append(f"{file['name']} of evidence {number}, signed for in {name}, is not here.")

    def checkpoint(self) -> None:
        """Check that the newest checkpoint of the site holds the chain as it is here."""
        if NOTE not in self.listed:
            self.unknown.append(
                "No checkpoint of the site holds this portfolio yet: the end of its chain stands alone."
            )
            return
        text, lines = _note(self.pack.read(NOTE))
        origin, size, root, *_ = text.split("\n")
        proof = json.loads(self.pack.read(PROOF))
        hashed = _path_root(hashlib.sha256(b"\0" + proof["line"].encode()).digest(), proof, int(size))
        if not self._signer(text, lines, origin) or hashed != base64.b64decode(root):
            self.false.append("The checkpoint is false: its signature, or its line of this portfolio.")
            return
        chain, length, head = proof["line"].split(" ")
        if self.heads.get(int(length)) != head or chain != self.about["chain"]:
            self.false.append("The chain is not the one that the checkpoint holds: it was written anew.")
        else:
            self.true.append(f"The checkpoint of the site holds the first {length} events.")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _note(content: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text of a signed note (C2SP), and its signatures: the name of a key, its id with the signature."""
    try:
        text, _, lines = content.decode().rpartition("\n\n")
        signed = [line.removeprefix("— ").split(" ") for line in lines.splitlines()]
        found = [(name, base64.b64decode(encoded, validate=True)) for name, encoded in signed]
    except ValueError as error:
        raise NotAPack("MANIFEST or the checkpoint is no signed note.") from error
    return text + "\n", found


def _path_root(leaf: bytes, proof: dict[str, Any], size: int) -> bytes:
    """Return the root of a Merkle tree from a leaf and the hashes beside its way up (RFC 6962, 2.1.1)."""
    place, last, root = proof["index"], size - 1, leaf
    for beside in map(bytes.fromhex, proof["path"]):
        if place % 2 or place == last:
            root = hashlib.sha256(b"\1" + beside + root).digest()
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            root = hashlib.sha256(b"\1" + root + beside).digest()
        place, last = place // 2, last // 2
    return root if last == 0 else b""


def main(arguments: list[str] | None = None) -> int:
    """Check what is named on the command line, print what was found, and return how it ended."""
    parser = argparse.ArgumentParser(description="Checks a submission pack of Countersign.")
    parser.add_argument("pack", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--key", default="", help="the fingerprint that the centre publishes (16 characters or more)")
    asked = parser.parse_args(arguments)
    key = asked.key.replace(" ", "").replace(":", "").lower()
    if key and len(key) < 16:
        parser.error("give at least 16 characters of the fingerprint")
    try:
        check = Check(Pack(asked.pack), key)
        check.run()
    except (NotAPack, ValueError, KeyError, TypeError) as error:
        why = error if isinstance(error, NotAPack) else "Its MANIFEST, or its keys, cannot be read."
        sys.stdout.write(f"NOT CHECKED: {why}\n")
        return 2
    end = "Nothing false was found, and not all was checked." if check.unknown else "All is as the centre made it."
    if check.false:
        end = f"This pack is not as the centre made it: {len(check.false)} found."
    false, unknown = (f"FALSE: {one}" for one in check.false), (f"NOT CHECKED: {one}" for one in check.unknown)
    sys.stdout.write("\n".join([*check.true, *false, *unknown, end, ""]))
    return 1 if check.false else 2 if check.unknown else 0


if __name__ == "__main__":
    sys.exit(main())
