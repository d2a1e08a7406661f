"""Real files, as a candidate would have them."""

import math
import struct
import wave
from pathlib import Path

from docx import Document
from PIL import Image, ImageDraw
from weasyprint import HTML

ORIENTATION = 0x0112  # the EXIF tag by which a phone says how it was held


def real_files(folder: Path) -> list[Path]:
    """Make a letter (PDF), a photo, a sound recording and a testimony (DOCX) in `folder`."""
    letter = folder / "Letter to Mrs Baptiste.pdf"
    letter.write_bytes(HTML(string="<h1>Your order 4471</h1><p>We are sorry that it came late.</p>").write_pdf() or b"")
    photo = folder / "IMG_20260302_1412.jpg"
    picture = Image.new("RGB", (1600, 1200), "#dfe7ef")
    ImageDraw.Draw(picture).rectangle((300, 200, 1300, 1000), fill="#3b5b7a", outline="white", width=20)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    picture.save(photo, quality=85, exif=exif)
    call = folder / "Call with a customer.wav"
    with wave.open(str(call), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(
            b"".join(struct.pack("<h", int(9000 * math.sin(2 * math.pi * 440 * n / 8000))) for n in range(16000))
        )
    testimony = folder / "Témoignage – Überprüfung.docx"
    document = Document()
    document.add_heading("Witness testimony", 1)
    document.add_paragraph("I watched Pat at the counter for three weeks in March.")
    document.save(str(testimony))
    return [letter, photo, call, testimony]
