"""Notes are those of C2SP: a note that another program wrote is read and checked, and ours look the same."""

import base64

import pytest

from record.keys import verify_bytes
from record.signed_notes import key_id, note_read, note_write, verifier_key

# The example that the documentation of golang.org/x/mod/sumdb/note gives, with its verifier key.
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
NOTE = f"{TEXT}\n— PeterNeumann {SIGNATURE}\n"
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLIC_KEY = base64.b64decode(VERIFIER.rpartition("+")[2])[1:]


def test_a_note_of_another_program_is_read_and_its_signature_holds():
    note = note_read(NOTE)
    (signed,) = note.signatures
    assert (note.text, signed.name) == (TEXT, "PeterNeumann")
    assert signed.key_id == key_id("PeterNeumann", PUBLIC_KEY) == bytes.fromhex("c74f20a3")
    assert verify_bytes(PUBLIC_KEY.hex(), TEXT.encode(), signed.signature)
    assert not verify_bytes(PUBLIC_KEY.hex(), TEXT.encode() + b"\n", signed.signature)


def test_what_we_write_is_the_same_byte_for_byte():
    (signed,) = note_read(NOTE).signatures
    written = note_write(TEXT, name="PeterNeumann", public_key=PUBLIC_KEY, signature=signed.signature)
    assert written == NOTE
    assert verifier_key("PeterNeumann", PUBLIC_KEY) == VERIFIER


def test_a_text_may_have_empty_lines_and_several_signatures():
    note = note_read("One.\n\nTwo.\n\n— a.example AAAAAAE=\n— b.example AAAAAAI=\n")
    assert note.text == "One.\n\nTwo.\n"
    assert [line.name for line in note.signatures] == ["a.example", "b.example"]


@pytest.mark.parametrize(
    "note",
    [
        "",
        "One.\n",
        "One.\n\n",
        "One.\n\n— a.example AAAAAAE=",
        "One.\n\n-- a.example AAAAAAE=\n",
        "One.\n\n— a.example\n",
        "One.\n\n— a.example AAAA\n",
        "One.\n\n— a.example not base64\n",
        "One.\x00\n\n— a.example AAAAAAE=\n",
        "One.\n\n" + "— a.example AAAAAAE=\n" * 101,
    ],
)
def test_what_is_no_note_is_refused(note):
    with pytest.raises(ValueError, match=r"note|signature"):
        note_read(note)


@pytest.mark.parametrize(("text", "name"), [("One.", "a"), ("One.\r\n", "a"), ("One.\n", "a b"), ("One.\n", "a+b")])
def test_what_no_note_can_hold_is_not_written(text, name):
    with pytest.raises(ValueError, match="note"):
        note_write(text, name=name, public_key=PUBLIC_KEY, signature=b"s")
