"""What a list is narrowed to: read from the address, shown as chips, undone one by one."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.http import HttpRequest, QueryDict

from harapan.ui.parts import Chip
from harapan.ui.words import heard

PAGE_KEYS = ("after", "before")


class FilterForm(forms.Form):
    """Base of a list's filters; every field is optional. Build it with `read(request)`.

    A value that does not fit its field narrows nothing and is told at its field.
    """

    all_optional = True
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query: QueryDict = QueryDict()
        for field in self.fields.values():
            field.required = False

    @classmethod
    def read(cls, request: HttpRequest, **kwargs: Any) -> Self:
        """The filters of this address, already cleaned."""
        return cls.of(request.GET, **kwargs)

    @classmethod
    def of(cls, query: QueryDict, **kwargs: Any) -> Self:
        """The filters of a query, for work that is done after the request."""
        form = cls(query, **kwargs)
        form.is_valid()
        form.query = query
        return form

    def chosen(self) -> dict[str, Any]:
        """Name and cleaned value of every filter that narrows."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [], False)}

    @property
    def narrowed(self) -> bool:
        return bool(self.chosen())

    def query_string(self, **changes: Any) -> str:
        """The address's query with changes; None removes a key. Paging positions never survive a change."""
        query = self.query.copy()
        for key in PAGE_KEYS:
            query.pop(key, None)
        for key, value in changes.items():
            query.pop(key, None)
            if value is not None:
                query[key] = value
        return query.urlencode()

    @property
    def chips(self) -> list[Chip]:
        """One chip a filter: `Kecamatan: Kandangan`, whose link takes that filter away; of a tick its words alone."""
        return [
            Chip(self._words(name, value), f"?{self.query_string(**{name: None})}", removes=True)
            for name, value in self.chosen().items()
            if not self[name].is_hidden
        ]

    def _words(self, name: str, value: Any) -> str:
        label = str(self[name].label)
        return label if value is True else f"{label}: {self._shown(name, value)}"

    def _shown(self, name: str, value: Any) -> str:
        choices = {str(key): words for key, words in getattr(self.fields[name], "choices", ())}
        return heard(choices.get(str(value), value))  # a region is a number once cleaned, and text in its choices
