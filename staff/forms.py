"""What the steps of a login ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff import factors


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )

    def clean_code(self) -> str:
        code: Any = factors.unspaced(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(_("A code has letters or digits."))
        return str(code)
