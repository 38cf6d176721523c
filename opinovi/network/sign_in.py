"""How allauth speaks here: its letters go through our mail, its words are ours, and what it does leaves an Event."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.events import record
from opinovi.base.ids import new_id
from opinovi.base.limits import machine_of
from opinovi.base.mail import post
from opinovi.base.masking import PERSONAL_CODE
from opinovi.base.secret import seal, unseal
from opinovi.network.models import Person
from opinovi.network.standing import standing

PURPOSE = "second factor"
# What the room of clients puts up: a client who begins by a provider (name, verified address or none) as a person; and
# the address behind an account whose own tells nothing.
BEGIN_OWN: list[Callable[[str, str], Person]] = []
ADDRESS_OF: list[Callable[[str], str]] = []
# The letters about what changed in one's sign-in: what happened, in a line.
NOTICES = {
    "mfa/email/webauthn_added": gettext_lazy("Tiliisi lisättiin pääsyavain."),
    "mfa/email/webauthn_removed": gettext_lazy("Tililtäsi poistettiin pääsyavain."),
    "mfa/email/totp_activated": gettext_lazy("Tiliisi lisättiin todennussovellus."),
    "mfa/email/totp_deactivated": gettext_lazy("Tililtäsi poistettiin todennussovellus."),
    "mfa/email/recovery_codes_generated": gettext_lazy("Tilillesi tehtiin uudet varakoodit."),
    "socialaccount/email/account_connected": gettext_lazy("Tiliisi liitettiin uusi tapa kirjautua."),
    "socialaccount/email/account_disconnected": gettext_lazy("Tililtäsi poistettiin tapa kirjautua."),
}


class Accounts(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": gettext_lazy("Koodi on väärä. Tarkista se viestistä ja kirjoita uudelleen."),
        "too_many_login_attempts": gettext_lazy("Väärä koodi liian monta kertaa. Pyydä uusi koodi."),
        "rate_limited": gettext_lazy("Yritit monta kertaa. Odota muutama minuutti ja yritä uudelleen."),
        "invalid_login": gettext_lazy("Kirjautuminen ei onnistunut. Yritä uudelleen."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """One comes in by an invitation."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if template_prefix == "account/email/login_code":
            subject = _("Koodi kirjautumiseen")
            body = _(
                "Hei!\n\nKirjoita tämä koodi kirjautumissivulle:\n\n%(code)s\n\nKoodi toimii kymmenen minuuttia. "
                "Jos et pyytänyt koodia, voit jättää viestin huomiotta: ilman koodia kukaan ei pääse sisään."
            ) % {"code": context["code"]}
        elif template_prefix in NOTICES:
            subject = _("Kirjautumisesi muuttui")
            body = _(
                "Hei!\n\n%(what)s\n\nJos teit sen itse, sinun ei tarvitse tehdä mitään. Jos et, kirjaudu sisään, "
                "kirjaudu ulos muilta laitteilta ja kerro organisaatiosi pääkäyttäjälle."
            ) % {"what": NOTICES[template_prefix]}
        else:
            return
        for find in ADDRESS_OF:
            email = find(email)
        if not email:
            return
        with transaction.atomic():
            post(f"account {new_id()}", email, subject, body)

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            record(template_prefix.rsplit("/", 1)[-1], "person", user.pk, str(user.pk))
            super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            record("sign_in", "person", user.pk, str(user.pk))
        return super().post_login(request, user, **kwargs)

    def is_safe_url(self, url: str | None) -> bool:
        """Whether one may be led there. What is no address at all leads nowhere."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """An employer's representative has no desk: they begin at their workplace."""
        place = standing(request.user)
        return reverse("workplaces") if place.home == "workplaces" else str(super().get_login_redirect_url(request))

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """What went wrong is said; that something went right, the page itself says."""
        if kwargs.get("message"):
            super().add_message(request, level, *args, **kwargs)

    def get_client_ip(self, request: HttpRequest) -> str:
        return machine_of(request)


class SecondFactors(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("Koodi on väärä. Katso sovelluksesta uusi ja kirjoita se."),
    }

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """How a passkey's keeper names the account: nothing that tells of a client's."""
        told: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        if not user.name:
            told["name"] = told["display_name"] = "Opin ovi"
        return told

    def encrypt(self, text: str) -> str:
        return seal(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, PURPOSE)


class Providers(DefaultSocialAccountAdapter):
    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """What a provider tells of a person is not kept, only by which name it knows them; one that knows people by
        their personal identity code can't be used."""
        account = sociallogin.account
        if PERSONAL_CODE.search(str(account.uid)):
            raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=403))
        claims, account.extra_data = account.extra_data, {}
        sociallogin.told_name = str((claims.get("userinfo") or claims.get("id_token") or claims).get("name") or "")
        if account.pk:
            account.save(update_fields=["extra_data"])

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """A provider lets in those who are here already, by the address that it has verified; and clients, who begin by
        themselves on their way to their own guidance."""
        to_own = str((sociallogin.state or {}).get("next") or "").endswith(reverse("my"))
        if to_own:
            # Their account has an address that tells nothing; what is theirs is kept locked.
            sociallogin.told_mail = next((one.email for one in sociallogin.email_addresses if one.verified), "")
            sociallogin.email_addresses = []
        return to_own and bool(BEGIN_OWN)

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Person:
        """The client, with the name that the provider tells and the address that it has verified."""
        person = BEGIN_OWN[0](sociallogin.told_name, sociallogin.told_mail)
        sociallogin.user = sociallogin.account.user = person
        sociallogin.account.save()
        return person
