from __future__ import annotations

import re

from django import forms
from django.test import RequestFactory

from harapan.ui.filters import FilterForm
from harapan.ui.sheet import SampleFilters, SampleForm


def test_an_error_is_tied_to_its_field_and_listed_on_top() -> None:
    shown = str(SampleForm({"born": "31 Februari 2019", "kk": "6306"}))
    control = re.search(r"<input[^>]*name=\"born\"[^>]*>", shown)
    assert control is not None
    assert 'aria-invalid="true"' in control[0]
    assert 'aria-describedby="id_born_error"' in control[0]
    assert 'id="id_born_error"' in shown
    assert '<a href="#id_born">Tanggal lahir</a>: Tanggal ini tidak ada.' in shown
    assert shown.index("Belum ada yang tersimpan.") < shown.index('name="born"')


def test_hint_stands_between_label_and_control() -> None:
    shown = str(SampleForm())
    assert shown.index("Nomor KK") < shown.index("16 angka; spasi boleh") < shown.index('name="kk"')
    assert 'aria-describedby="id_kk_helptext"' in shown
    assert "boleh kosong" in shown
    assert "summary" not in shown


def test_choices_are_one_group_with_a_legend() -> None:
    shown = str(SampleForm())
    assert re.search(r"<fieldset[^>]*><legend[^>]*>Penyalur", shown)


def filters(query: str) -> FilterForm:
    return SampleFilters.read(RequestFactory().get(f"/?{query}"))


def test_filters_become_chips_that_take_themselves_away() -> None:
    read = filters("q=Mahrita&kecamatan=6306050&sort=-umur&after=abc")
    assert read.chosen() == {"q": "Mahrita", "kecamatan": "6306050"}
    assert [chip.label for chip in read.chips] == ["Cari: Mahrita", "Kecamatan: Kandangan"]
    assert read.chips[0].url == "?kecamatan=6306050&sort=-umur"


class NumberFilters(FilterForm):
    late = forms.BooleanField(label="Hanya yang lewat batas")
    region = forms.TypedChoiceField(label="Wilayah", coerce=int, empty_value=None, choices=[("6305", "Kab. Tapin")])


def test_a_chip_says_the_words_of_a_choice_also_where_it_is_a_number() -> None:
    read = NumberFilters.read(RequestFactory().get("/?region=6305"))
    assert read.chosen() == {"region": 6305}
    assert [chip.label for chip in read.chips] == ["Wilayah: Kab. Tapin"]
    assert [chip.label for chip in NumberFilters.read(RequestFactory().get("/?late=on")).chips] == [
        "Hanya yang lewat batas"
    ]  # fmt: skip


def test_a_filter_that_does_not_fit_narrows_nothing() -> None:
    read = filters("kecamatan=9999")
    assert not read.narrowed
    assert read.errors


def test_no_filter_is_no_chip() -> None:
    assert filters("").chips == []
    assert not filters("q=").narrowed
