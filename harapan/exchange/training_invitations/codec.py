"""Who is to be invited to a batch: one line a person, by NIP, staff number or NIK. The name is for people to read.

Fields: staff_number, nik, name. A line needs a staff number or a NIK.
"""

from __future__ import annotations

from harapan.core.phrases import Phrase
from harapan.exchange.layout import Layout
from harapan.exchange.participant import NAME, NIK, STAFF_NUMBER

LAYOUT = Layout(
    name="training_invitations",
    title=Phrase("Daftar undangan diklat"),
    about=Phrase("Satu baris tiap orang yang diundang, dengan NIP, nomor SDM, atau NIK."),
    columns=(STAFF_NUMBER, NIK, NAME),
    any_of=(("staff_number", "nik"),),
)
parse = LAYOUT.parse
render = LAYOUT.render
