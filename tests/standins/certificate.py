"""A certificate for `localhost` and 127.0.0.1, made on the spot, and the two sides' TLS contexts."""

import datetime
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificate:
    """`server` shows the certificate, `client` trusts it and nothing else."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def make(folder: Path, *names: str) -> Certificate:
    """A self-signed certificate for these host names and 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A test")])
    now = datetime.datetime.now(datetime.UTC)
    others = [x509.DNSName(host) for host in names] + [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(others), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = signed.public_bytes(serialization.Encoding.PEM)
    file = folder / "certificate.pem"
    private = serialization.PrivateFormat.PKCS8
    file.write_bytes(pem + key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption()))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return Certificate(server, ssl.create_default_context(cadata=pem.decode()))
