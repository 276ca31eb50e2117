"""Believable names of South Kalimantan: people, health posts, groups, addresses. All combined from common words.

No list is a register of persons. Earlier words in a list are commoner than later ones. Functions that make many names
at once are the fast way: a province has half a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from random import Random

WOMEN = (
    "Siti Norhayati Rusmini Salasiah Halimah Jumiati Mariani Raudah Kasmawati Norlaila Masliani Rusdiana Hartati "
    "Fatimah Maimunah Norjannah Arbayah Jamilah Khadijah Aminah Saniah Hamsiah Rahmah Mastora Bahriah Jumrah "
    "Nurhasanah Masrupah Rabiatul Armiati Rohana Noraini Hadijah Saudah Mahrita Sumiati Marfuah Norsehan Wardah "
    "Asmah Zainab Sapiah Ernawati Yulianti Nurul Dewi Sri Eka Lina Rina Fitri Mila Hairiah Misnah Juairiah Ramlah "
    "Masitah Patimah"
).split()
WOMEN_SECOND = (
    "Aisyah Hidayah Aminah Rahmah Nurjannah Hasanah Sari Yanti Mulyani Adawiyah Fitriani Wahyuni Lestari Agustina "
    "Raihanah Masturah Zulaikha Rahayu Maulida Susanti Khairiah Munawarah Rosmawati Handayani Salamah Rusmiati "
    "Mardiana Safitri"
).split()
MEN = (
    "Muhammad Ahmad Abdul Rahmadi Syahrani Suriansyah Jumberi Hairudin Mansyur Arbani Rusli Masrani Baderun "
    "Bahrudin Juhdi Sarkani Ardiansyah Supian Hamdani Kaspul Mahyudin Norhadi Idrus Jamhuri Saberan Akhmad Basuni "
    "Darmawan Fahriadi Gazali Hasbullah Ilham Junaidi Khairani Lamberi Misran Nasrullah Rajudin Sabrani Taufik "
    "Yusran Zainuddin Samsudin Aliansyah"
).split()
MEN_SECOND = (
    "Rahman Noor Yani Fauzi Arifin Rifani Hadi Saputra Ramadhani Maulana Anwar Hidayat Syarif Effendi Ridha Sani "
    "Kurniawan Aini Rasyid Ansyari Wahyudi Helmi Fajar Ansari Syukur Gani Jalil Hamid Karim Wahid Mutalib"
).split()
GIRLS = (
    "Siti Nur Naila Zahra Aisyah Syifa Annisa Nazwa Khadijah Raisa Salsabila Hafizah Noor Rabiatul Aulia Zahratun "
    "Alya Nabila Humaira Fadilah Keysha Putri Intan Bilqis Azkia Maulida Salma Rahmi Mutia Husna Latifah Najwa "
    "Amelia Mawaddah"
).split()
GIRLS_SECOND = (
    "Aisyah Zahra Rahmah Syifa Hidayah Azzahra Fadilah Adawiyah Nisa Amelia Hasanah Ramadhani Khairunnisa Maulida "
    "Shaliha Jannah Salsabila Aulia Nafisah Kamila Humaira Safitri Ramadhina Raihanah Zulaikha Magfirah Lestari "
    "Nadia"
).split()
BOYS = (
    "Muhammad M. Ahmad Rizki Akhmad Hafiz Noor Fadil Abdul Rahmat Raihan Arif Ilham Dzaki Alif Fahri Aditya Gibran "
    "Rafi Zaki Azka Naufal Yusuf Ibrahim Haikal Fikri Reza Bayu Ridho Syahrul Maulana Taufik Zainal Wahyu"
).split()
BOYS_SECOND = (
    "Rizki Hafiz Noor Ramadhan Rahman Fadil Maulana Arif Azhar Ilham Hidayat Fauzan Raihan Saputra Akbar Rasyid "
    "Fahmi Ridwan Syarif Zaini Hakim Alfarizi Firdaus Anshari Khairi Muzakki Aulia Faisal Nabil Yasin"
).split()
# Given names that never stand alone.
_NEED_A_SECOND = frozenset("Siti Muhammad M. Ahmad Akhmad Abdul Nur Noor Sri Eka Zahratun".split())

GROUP_NAMES = (
    "Melati Mawar Anggrek Kenanga Cempaka Dahlia Teratai Seroja Kamboja Flamboyan Bougenville Tulip Sakura Lavender "
    "Asoka Matahari Alamanda Aster Kantil"
).split()
POSYANDU_NAMES = (
    "Melati",
    "Mawar",
    "Kasih Ibu",
    "Harapan Bunda",
    "Anggrek",
    "Sejahtera",
    "Dahlia",
    "Kenanga",
    "Nusa Indah",
)


class People:
    """Names of one kind of person, drawn in bulk: `women`, `men`, `girls` or `boys`."""

    def __init__(self, first: Sequence[str], second: Sequence[str], *, second_share: float) -> None:
        self._first, self._second = first, second
        self._first_weights = _falling(len(first))
        # An empty second name, then the others sharing the rest.
        shares = [weight * second_share / _falling(len(second))[-1] for weight in _weights(len(second))]
        self._spare = [name for name in second if name not in _NEED_A_SECOND]
        self._seconds = ["", *second]
        self._second_weights = list(accumulate([1 - second_share, *shares]))

    def draw(self, chance: Random, count: int) -> list[str]:
        """`count` names. The same seed gives the same names."""
        firsts = chance.choices(self._first, cum_weights=self._first_weights, k=count)
        seconds = chance.choices(self._seconds, cum_weights=self._second_weights, k=count)
        spare = chance.choices(self._spare, k=count)
        return [_joined(first, second, other) for first, second, other in zip(firsts, seconds, spare, strict=True)]


def _joined(first: str, second: str, other: str) -> str:
    if second and second != first:
        return f"{first} {second}"
    return f"{first} {other}" if first in _NEED_A_SECOND else first


def _weights(count: int) -> list[float]:
    """Falling weights, like names in a village: the first some eight times as common as the last of thirty."""
    return [1 / (rank + 4) for rank in range(count)]


@lru_cache
def _falling(count: int) -> list[float]:
    return list(accumulate(_weights(count)))


women = People(WOMEN, WOMEN_SECOND, second_share=0.42)
men = People(MEN, MEN_SECOND, second_share=0.45)
girls = People(GIRLS, GIRLS_SECOND, second_share=0.85)
boys = People(BOYS, BOYS_SECOND, second_share=0.85)


def group_name(place: int) -> str:
    """The name of the n-th group of a village, from 0: Melati 1, Mawar 1, ... and after the last flower Melati 2."""
    return f"{GROUP_NAMES[place % len(GROUP_NAMES)]} {place // len(GROUP_NAMES) + 1}"


def posyandu_name(place: int, village: str) -> str:
    """ "Posyandu Melati Hiyung"; after the last name they are numbered."""
    number = place // len(POSYANDU_NAMES) + 1
    suffix = f" {number}" if number > 1 else ""
    return f"Posyandu {POSYANDU_NAMES[place % len(POSYANDU_NAMES)]}{suffix} {village}"


def address(chance: Random, village: str) -> tuple[str, str, str]:
    """(street, RT, RW) as lists write them: ("JL. HIYUNG RT 004 RW 003", "004", "003")."""
    rt, rw = f"{1 + int(chance.random() * 8):03d}", f"{1 + int(chance.random() * 3):03d}"
    return f"JL. {village.upper()} RT {rt} RW {rw}", rt, rw
