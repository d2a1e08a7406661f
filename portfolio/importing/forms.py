"""The form in which a coordinator chooses the file."""

from django import forms


class ImportForm(forms.Form):
    """The file to check."""

    file = forms.Field(  # an `IncomingFile`; what is in it, the service looks at
        label="File",
        help_text="An Excel workbook (.xlsx) or CSV, of 5,000 rows and 5 MB at most. Nothing starts yet.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv,text/csv"}),
        error_messages={"required": "Choose the file with the rows."},
    )
