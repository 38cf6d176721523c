"""Who speaks for a workplace, as guides see to it."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.limits import allowed
from opinovi.doors.forms import uuid_or_none
from opinovi.network.forms import InviteForm
from opinovi.network.views import invitation_link, me, tell
from opinovi.workplaces.actions import representatives as actions
from opinovi.workplaces.models import Workplace
from opinovi.workplaces.queries import workplace_by_id

form_methods = require_http_methods(["GET", "HEAD", "POST"])
AN_HOUR = 60


class RepresentativeForm(forms.Form):
    email = InviteForm.base_fields["email"]
    name = forms.CharField(label=gettext_lazy("Nimi"), max_length=120, required=False)


@form_methods
@allow("workplaces.serve", of=workplace_by_id)
def workplace_people(request: HttpRequest, one: Workplace) -> HttpResponse:
    then, why = request.POST.get("then", ""), ""
    form = RepresentativeForm(request.POST if then == "invite" else None)
    if request.method == "POST":
        try:
            if act(request, one, then, form):
                return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            if then == "invite":
                tell(form, error)
            else:
                why = " ".join(error.messages)
    context = {
        "one": one,
        "people": actions.representatives(one),
        "invited": actions.invited(one),
        "form": form,
        "why": why,
    }
    return render(request, "workplaces/people.html", context, status=422 if why or form.errors else 200)


def act(request: HttpRequest, one: Workplace, then: str, form: RepresentativeForm) -> bool:
    """What was pressed; False where something in the form is wrong."""
    by, which = me(request), uuid_or_none(request.POST.get("which", ""))
    if then == "invite":
        if not form.is_valid():
            return False
        if not allowed("invite", str(by.id), AN_HOUR):
            raise ValidationError(_("Kutsuja on lähtenyt tunnissa paljon. Odota hetki."))
        told = form.cleaned_data
        actions.invite(by, one, told["email"], told["name"], invitation_link(request), get_language() or "fi")
    elif then == "let-go":
        member = next((each for each in actions.representatives(one) if each.id == which), None)
        if member is not None:
            actions.let_go(by, one, member)
    elif then == "withdraw":
        invitation = next((each for each in actions.invited(one) if each.id == which), None)
        if invitation is not None:
            actions.withdraw(by, one, invitation)
    return True
