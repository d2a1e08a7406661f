"""The ticks on the page of a criterion: which pieces of the portfolio claim it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms
from django.http import QueryDict

from assessments.cells.changes import CellChange
from assessments.grid.grid import EvidenceRow
from assessments.standing.unit_record import ClaimRecord
from standards.content import CriterionContent


class CriterionForm(forms.Form):
    """A tick for each piece (`pieces`: their uuids), and `seen-<uuid>`: the stamp of what the page showed.

    Only what differs from what the page showed is changed, so two people who tick different pieces both keep theirs.
    """

    pieces = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Evidence is no longer in the portfolio. Look again, then save."},
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        criterion: CriterionContent,
        rows: Sequence[EvidenceRow],
        claims: Mapping[str, ClaimRecord],
    ) -> None:
        super().__init__(data, initial={"pieces": list(claims)})
        self.criterion = criterion
        self.rows = rows
        self.claims = claims
        self.stamps = {name: record.stamp for name, record in claims.items()}
        self.fields["pieces"].choices = [(row.uuid, row.title) for row in rows]  # type: ignore[attr-defined]

    @property
    def ticked(self) -> set[str]:
        """The uuids of the pieces that are ticked on the page."""
        return set(self["pieces"].value() or ())

    def changes(self) -> list[CellChange]:
        """Return the changes: what was ticked or unticked since the page was shown."""
        wanted = set(self.cleaned_data["pieces"])
        seen = {row.uuid: str(self.data.get(f"seen-{row.uuid}", "")) for row in self.rows}
        return [
            CellChange(
                evidence=UUID(row.uuid),
                criterion=self.criterion,
                to="claimed" if row.uuid in wanted else "empty",
                seen=seen[row.uuid],
            )
            for row in self.rows
            if (row.uuid in wanted) != bool(seen[row.uuid])
        ]
