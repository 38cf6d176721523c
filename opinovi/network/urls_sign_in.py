"""Signing in and one's own account. allauth's views stand here one by one, each with its rule."""

from typing import Any

from allauth.account import views as accounts
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as spare
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as providers
from allauth.socialaccount.providers.openid_connect import views as openid
from allauth.socialaccount.providers.saml import views as saml
from django.urls import path
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.network import account

# allauth's forms would take a PUT for a POST.
form_methods = require_http_methods(["GET", "HEAD", "POST"])


def anyone(view: Any) -> Any:
    return form_methods(allow("network.sign_in")(view))


def outside(view: Any) -> Any:
    """A view that asks something of a provider outside."""
    return anyone(account.steady(view))


def own(view: Any) -> Any:
    return form_methods(allow("network.own_account")(view))


urlpatterns = [
    path("sign-in", anyone(account.sign_in), name="account_login"),
    path("sign-in/code", anyone(accounts.confirm_login_code), name="account_confirm_login_code"),
    path("sign-in/again", anyone(account.sign_in), name="account_request_login_code"),
    path("sign-in/passkey", anyone(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/second", anyone(factors.authenticate), name="mfa_authenticate"),
    path("sign-in/example", account.sign_in_example, name="sign-in-example"),
    path("sign-in/closed", anyone(accounts.account_inactive), name="account_inactive"),
    path("sign-in/cancelled", anyone(providers.login_cancelled), name="socialaccount_login_cancelled"),
    path("sign-in/failed", anyone(providers.login_error), name="socialaccount_login_error"),
    path("sign-in/new", anyone(providers.signup), name="socialaccount_signup"),
    path("sign-in/openid/<str:provider_id>", outside(openid.login), name="openid_connect_login"),
    path("sign-in/openid/<str:provider_id>/back", outside(openid.callback), name="openid_connect_callback"),
    path("sign-in/saml/<str:organization_slug>", outside(saml.login), name="saml_login"),
    path("sign-in/saml/<str:organization_slug>/back", anyone(saml.acs), name="saml_acs"),
    path("sign-in/saml/<str:organization_slug>/finish", outside(saml.finish_acs), name="saml_finish_acs"),
    path("sign-in/saml/<str:organization_slug>/out", anyone(saml.sls), name="saml_sls"),
    path("sign-in/saml/<str:organization_slug>/metadata", anyone(saml.metadata), name="saml_metadata"),
    path("sign-out", anyone(accounts.logout), name="account_logout"),
    path("account", account.account, name="account"),
    path("account/sessions", account.sessions, name="sessions"),
    path("account/confirm", own(accounts.reauthenticate), name="account_reauthenticate"),
    path("account/confirm/code", own(factors.reauthenticate), name="mfa_reauthenticate"),
    path("account/confirm/passkey", own(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("account/second-factor", account.second_factor, name="second-factor"),
    path("account/second-factor/", account.second_factor, name="mfa_index"),
    path("account/second-factor/passkeys", account.second_factor, name="mfa_list_webauthn"),
    path("account/second-factor/app", own(account.add_app), name="mfa_activate_totp"),
    path("account/second-factor/app/off", own(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/second-factor/passkeys/add", own(account.add_passkey), name="mfa_add_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/name", own(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/remove", own(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("account/second-factor/spare", own(spare.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/second-factor/spare/new", own(spare.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/second-factor/spare/file", own(spare.download_recovery_codes), name="mfa_download_recovery_codes"),
]
