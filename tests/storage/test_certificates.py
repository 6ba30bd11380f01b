"""Certificates for Entra ID: what the bot makes, and what it takes from others."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from connection.errors import Mistake
from connection.secret_rules import certificate as rule
from storage.certificates import X509Certificates

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def pem_of(key: Key, signed_by: Key | None = None) -> str:
    """A key and a certificate of it, or of another key."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "made up")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key((signed_by or key).public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=9))
        .sign(signed_by or key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return (private + certificate.public_bytes(Encoding.PEM)).decode()


async def test_a_made_certificate_is_for_signing_in_and_lasts_as_long_as_asked() -> None:
    private, public = await X509Certificates().make("d365bot contoso-prod", 90, NOW)
    assert rule(private) == private
    assert X509Certificates().read(private) == public
    assert public.expires_at == NOW + timedelta(days=90)
    assert "PRIVATE" not in public.pem
    certificate = x509.load_pem_x509_certificate(public.pem.encode())
    assert certificate.not_valid_before_utc == NOW - timedelta(minutes=5)
    key = load_pem_private_key(private.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 3072
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert not constraints.value.ca
    assert X509Certificates().described(public.pem) == public


async def test_two_certificates_share_nothing() -> None:
    one, other = [await X509Certificates().make("x", 9, NOW) for _ in range(2)]
    assert one[0] != other[0]
    assert one[1].sha256 != other[1].sha256


def test_keys_that_entra_does_not_take_are_refused() -> None:
    for key in (
        rsa.generate_private_key(public_exponent=65537, key_size=1024),  # noqa: S505 - that is what is refused
        ec.generate_private_key(ec.SECP256R1()),
    ):
        with pytest.raises(Mistake, match="RSA keys of at least 2048 bits"):
            X509Certificates().read(pem_of(key))


def test_a_certificate_of_another_key_is_refused() -> None:
    one, other = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    with pytest.raises(Mistake, match="does not belong"):
        X509Certificates().read(pem_of(one, other))


def test_an_encrypted_key_is_told_apart() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    locked = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"made up")
    ).decode()
    text = locked + pem_of(key).partition("-----END PRIVATE KEY-----\n")[2]
    with pytest.raises(Mistake, match="encrypted with a passphrase"):
        rule(text)


@pytest.mark.parametrize("text", ["", "x", "-----BEGIN PRIVATE KEY-----\nx", "-" * 40_000])
def test_what_is_no_certificate_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(Mistake) as refused:
        rule(text)
    assert len(text) < 5 or text not in refused.value.message + refused.value.hint


def test_keys_of_4096_bits_are_taken_and_greater_ones_refused_before_they_are_loaded() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=4096)
    assert X509Certificates().read(pem_of(key)).expires_at == NOW + timedelta(days=9)
    line = "A" * 64 + "\n"
    greater = f"-----BEGIN PRIVATE KEY-----\n{line * 70}-----END PRIVATE KEY-----\n"
    with pytest.raises(Mistake, match="more than 4096 bits"):
        X509Certificates().read(greater + pem_of(key).partition("-----END PRIVATE KEY-----\n")[2])
