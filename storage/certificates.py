"""The port `Certificates`: what the bot signs in to Entra ID with instead of a secret.

RSA with 3072 bits and SHA-256, self-signed, for client authentication; the certificate's private
key is never written anywhere but sealed.
"""

import asyncio
import re
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from connection.errors import Mistake
from connection.ports import Certificates
from connection.secrets import Certificate

BITS = 3072
FEWEST_BITS = 2048
MOST_CHARACTERS = 3_600
"""Of a private key in PEM: one of 4096 bits has about 3,300; greater ones take seconds to load."""
SKEW = timedelta(minutes=5)
"""Entra's clock may be behind ours."""


_PRIVATE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END", re.DOTALL)


class X509Certificates:
    """See `connection.ports.Certificates`."""

    async def make(self, common_name: str, days: int, now: datetime) -> tuple[str, Certificate]:
        return await asyncio.to_thread(_make, common_name, days, now)

    def read(self, pem: str) -> Certificate:
        if any(len(key) > MOST_CHARACTERS for key in _PRIVATE.findall(pem)):
            raise Mistake(
                "The private key has more than 4096 bits.",
                "Make one with 3072 bits, or let the bot make it.",
            )
        try:
            key = load_pem_private_key(pem.encode(), password=None)
            chain = x509.load_pem_x509_certificates(pem.encode())
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise Mistake(
                "The private key or the certificate cannot be read.",
                "Give both in PEM form, as they come out of openssl.",
            ) from None
        if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < FEWEST_BITS:
            raise Mistake(
                f"Entra ID takes RSA keys of at least {FEWEST_BITS} bits here.",
                "Make such a one, or let the bot make it.",
            )
        wanted = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        first = chain[0]
        found = first.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if wanted != found:
            raise Mistake(
                "The private key does not belong to the first certificate.",
                "Give the certificate of this key first, then its chain.",
            )
        return _described(first)

    def described(self, pem: str) -> Certificate:
        return _described(x509.load_pem_x509_certificate(pem.encode()))


def _make(common_name: str, days: int, now: datetime) -> tuple[str, Certificate]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])
    start = now.astimezone(UTC).replace(microsecond=0)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - SKEW)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = _described(signed)
    return private + public.pem, public


def _key_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _described(certificate: x509.Certificate) -> Certificate:
    return Certificate(
        pem=certificate.public_bytes(Encoding.PEM).decode(),
        expires_at=certificate.not_valid_after_utc,
        sha1=certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303 - Entra shows it
        sha256=certificate.fingerprint(hashes.SHA256()).hex().upper(),
    )


_: type[Certificates] = X509Certificates
