"""Signing in by OpenID Connect and SAML, against a provider that really answers on loopback, or really signs."""

import base64
import datetime
import json
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from opinovi.network.models import Person


@pytest.fixture
def still() -> Iterator[None]:
    """The provider's tokens are of the real day."""
    yield


USERS = (
    {"sub": "paivi", "email": "paivi@example.example", "email_verified": True},
    {"sub": "vieras", "email": "vieras@talo.fi", "email_verified": True},
    {"sub": "huijari", "email": "paivi@example.example", "email_verified": False},
)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A small OpenID Connect provider, a process of its own on loopback."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    users = [part for user in USERS for part in ("--user-claims", json.dumps(user))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *users]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/.well-known/openid-configuration", process)
            yield address
        finally:
            process.terminate()


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Ask until it answers."""
    for _ in range(200):
        assert process.poll() is None
        try:
            urllib.request.urlopen(address, timeout=1).close()
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.05)
        else:
            return
    raise AssertionError("the provider did not start")


@pytest.fixture
def openid(provider: str, settings: Any) -> None:
    app = {"provider_id": "talo", "name": "Talon tunnus", "client_id": "ovi", "secret": "salaisuus",
           "settings": {"server_url": provider}}  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]},
        "saml": {"APPS": []},
    }


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def at_provider(address: str, sub: str) -> str:
    """What a person does at the provider: says who they are. Returns where they are sent."""
    data = urllib.parse.urlencode({"sub": sub}).encode()
    try:
        urllib.request.build_opener(Stay()).open(address, data, timeout=10)
    except urllib.error.HTTPError as answer:
        return str(answer.headers["Location"])
    raise AssertionError("the provider sent nowhere")


def come_by_openid(client: Client, sub: str) -> Any:
    address = client.get("/sign-in/openid/talo?next=/desk").headers["Location"]
    back = urllib.parse.urlsplit(at_provider(address, sub))
    assert back.path == "/sign-in/openid/talo/back"
    return client.get(f"{back.path}?{back.query}")


def test_one_who_is_here_gets_in_by_openid_connect(visitor: Client, openid: None) -> None:
    assert "Talon tunnus" in visitor.get("/sign-in").content.decode()
    assert come_by_openid(visitor, "paivi").headers["Location"] == "/desk"
    assert visitor.get("/desk").status_code == 200


def test_one_who_was_not_invited_does_not_get_in_by_openid_connect(visitor: Client, openid: None) -> None:
    page = come_by_openid(visitor, "vieras")
    assert "Kirjautuminen ei onnistunut" in page.content.decode() and visitor.get("/account").status_code == 302
    assert not Person.objects.filter(email="vieras@talo.fi").exists()


def come_to_own_guidance(client: Client, sub: str) -> Any:
    address = client.get("/sign-in/openid/talo?next=/my").headers["Location"]
    back = urllib.parse.urlsplit(at_provider(address, sub))
    return client.get(f"{back.path}?{back.query}")


def test_a_client_begins_by_a_national_identity_and_comes_back_by_it(visitor: Client, openid: None) -> None:
    from opinovi.journeys.models import Client as Guided

    assert come_to_own_guidance(visitor, "vieras").headers["Location"] == "/my"
    assert "Oma ohjaus" in visitor.get("/my").content.decode()
    [client] = Guided.objects.select_related("key", "person")
    assert client.told() == {"mail": "vieras@talo.fi"} and client.mail_verified
    # Of what the provider told nothing is kept in the open.
    account = SocialAccount.objects.get(user=client.person)
    assert account.extra_data == {} and "vieras@" not in Person.objects.get(client=client).email
    again = Client()
    come_to_own_guidance(again, "vieras")
    assert again.get("/my").status_code == 200 and Guided.objects.count() == 1
    # One whose address is not verified begins without it.
    come_to_own_guidance(Client(), "huijari")
    assert Guided.objects.count() == 2 and not Guided.objects.filter(person__email="paivi@example.example").exists()


def test_an_address_that_the_provider_has_not_verified_does_not_let_in(visitor: Client, openid: None) -> None:
    come_by_openid(visitor, "huijari")
    assert visitor.get("/account").status_code == 302


def test_an_answer_that_nobody_asked_for_is_refused(visitor: Client, openid: None) -> None:
    page = visitor.get("/sign-in/openid/talo/back?code=x&state=y")
    assert page.status_code < 500 and visitor.get("/account").status_code == 302


def test_a_provider_that_does_not_answer_is_no_error_of_ours(visitor: Client, openid: None, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    page = visitor.get("/sign-in/openid/talo")
    assert page.status_code == 503 and "Kirjautuminen ei onnistunut" in page.content.decode()


# SAML: the provider is this test, with a key of its own

IDP = "https://idp.example/metadata"
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
 ID="_r1" Version="2.0" IssueInstant="{now}" Destination="{acs}" InResponseTo="{request}">
<saml:Issuer>{idp}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<saml:Assertion ID="_a1" Version="2.0" IssueInstant="{now}"><saml:Issuer>{idp}</saml:Issuer>
<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{uid}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<saml:SubjectConfirmationData NotOnOrAfter="{later}" Recipient="{acs}" InResponseTo="{request}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{before}" NotOnOrAfter="{later}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="_s1"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement><saml:Attribute Name="uid"><saml:AttributeValue>{uid}</saml:AttributeValue></saml:Attribute>
<saml:Attribute Name="mail"><saml:AttributeValue>{mail}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>
</saml:Assertion></samlp:Response>"""


def make_key() -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=9))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return private, certificate.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(scope="module")
def keys() -> tuple[str, str]:
    return make_key()


@pytest.fixture
def visitor(db: None, settings: Any) -> Client:
    """At a host with a name that SAML takes for one."""
    settings.ALLOWED_HOSTS = ["ovi.example", "testserver"]
    return Client(headers={"host": "ovi.example"})


@pytest.fixture
def saml(settings: Any, keys: tuple[str, str]) -> None:
    app = {
        "provider_id": "kunta", "name": "Kunnan tunnus", "client_id": "kunta",
        "settings": {
            "idp": {"entity_id": IDP, "sso_url": "https://idp.example/sso", "x509cert": keys[1]},
            "attribute_mapping": {"uid": "uid", "email": "mail"}, "verified_email": True,
            "advanced": {"want_assertion_signed": True},
        },
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}, "saml": {"APPS": [app]}}


def come_by_saml(client: Client, mail: str, key: tuple[str, str] | None) -> Any:
    """Ask, let the provider answer with a signature by the key (or none), and come back."""
    address = urllib.parse.urlsplit(client.get("/sign-in/saml/kunta?next=/desk").headers["Location"])
    asked = urllib.parse.parse_qs(address.query)
    request = zlib.decompress(base64.b64decode(asked["SAMLRequest"][0]), -15).decode()
    found = re.search(r'ID="([^"]+)"', request)
    assert found is not None
    now = datetime.datetime.now(datetime.UTC)
    stamp = {name: (now + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
             for name, minutes in (("now", 0), ("before", -2), ("later", 5))}  # fmt: skip
    acs = "http://ovi.example/sign-in/saml/kunta/back"
    told = RESPONSE.format(
        **stamp,
        acs=acs,
        request=found[1],
        idp=IDP,
        uid=mail,
        mail=mail,
        audience="http://ovi.example/sign-in/saml/kunta/metadata",
    )
    signed = told.encode()
    if key is not None:
        assertion = re.search(r"<saml:Assertion.*</saml:Assertion>", told, re.DOTALL)
        assert assertion is not None
        alone = assertion[0].replace(
            "<saml:Assertion ", '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ', 1
        )
        by_key = OneLogin_Saml2_Utils.add_sign(alone, key[0], key[1], sign_algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", digest_algorithm="http://www.w3.org/2001/04/xmlenc#sha256")  # fmt: skip
        signed = told.replace(assertion[0], by_key.decode() if isinstance(by_key, bytes) else by_key).encode()
    client.post(
        "/sign-in/saml/kunta/back",
        {"SAMLResponse": base64.b64encode(signed).decode(), "RelayState": asked.get("RelayState", [""])[0]},
    )
    return client.get("/sign-in/saml/kunta/finish")


def test_one_who_is_here_gets_in_by_saml(visitor: Client, saml: None, keys: tuple[str, str]) -> None:
    assert "Kunnan tunnus" in visitor.get("/sign-in").content.decode()
    assert come_by_saml(visitor, "paivi@example.example", keys).headers["Location"] == "/desk"
    assert visitor.get("/desk").status_code == 200


def test_an_answer_without_the_providers_signature_is_refused(visitor: Client, saml: None) -> None:
    for key in (None, make_key()):
        page = come_by_saml(visitor, "paivi@example.example", key)
        assert "Kirjautuminen ei onnistunut" in page.content.decode() and visitor.get("/account").status_code == 302


def test_one_who_was_not_invited_does_not_get_in_by_saml(visitor: Client, saml: None, keys: tuple[str, str]) -> None:
    assert "Kirjautuminen ei onnistunut" in come_by_saml(visitor, "vieras@talo.fi", keys).content.decode()
    assert visitor.get("/account").status_code == 302


def test_our_side_tells_of_itself(visitor: Client, saml: None) -> None:
    page = visitor.get("/sign-in/saml/kunta/metadata")
    assert page.status_code == 200 and b"EntityDescriptor" in page.content
