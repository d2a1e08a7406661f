"""What all forms of the site share: a refused one opens at what is wrong."""

from typing import Any

from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting


class FocusedField(BoundField):
    """A field of a form. The first that is wrong has the focus when the page opens, without any script.

    If something is wrong with the form as a whole, that is said above it and has the focus instead
    (`templates/bootstrap5/errors.html`).
    """

    @property
    def is_first_wrong(self) -> bool:
        """Whether this field gets the focus. Faults of hidden fields are shown above the form and come first."""
        form = self.form
        if not form.errors or form.non_field_errors():
            return False
        fields = [*form.hidden_fields(), *form.visible_fields()]
        return self.name == next((field.name for field in fields if field.errors), None)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        """Give it the focus, but not to a group of boxes: all of them would get it, so the words below the group do."""
        attrs = super().build_widget_attrs(attrs, widget)
        if not self.is_hidden and not self.use_fieldset and self.is_first_wrong:
            attrs["autofocus"] = True
        return attrs


class FormRenderer(TemplatesSetting):
    """Renders the forms of the site, with our own templates if there are any."""

    bound_field_class = FocusedField
