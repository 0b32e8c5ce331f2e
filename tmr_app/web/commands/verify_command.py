"""`tmr verify`: whether a sealed PDF is genuine, from the file and a certificate alone. Prints no person's name."""

from pathlib import Path

import click

from tmr_app.kernel import db
from tmr_app.kernel.settings import from_environment


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key",
    "certificate",
    type=click.Path(path_type=Path),
    help="Certificate of the seal (PEM); default: those of this installation's database.",
)
def command(file: Path, certificate: Path | None) -> None:
    """Say whether FILE is a genuine sealed document. Exit status 0: genuine; 1: altered, unknown or unreadable."""
    from tmr_app.signing import sealed_file
    from tmr_app.signing.container import Altered

    try:
        data = file.read_bytes()
    except OSError:
        raise click.ClickException(f"{file} cannot be read: name a sealed PDF.") from None
    pinned = _pinned(certificate) if certificate else _own()
    if not pinned:
        raise click.ClickException("This installation has no seal key yet: name one with --key CERT.pem.")
    try:
        found = sealed_file.verify(data, pinned)
    except Altered as altered:
        raise click.ClickException(
            f"{file} is NOT genuine: {altered}. Ask the Centre for the original."
        ) from None
    click.echo(
        f"genuine: {found.kind}, {found.reference}, version {found.number}, code {found.code}, "
        f"signatures {found.signatures} of {found.expected}"
    )
    click.echo(f"SHA-256 {found.sha256}")
    if found.stamped_at is not None:
        click.echo(
            f"time stamp {found.stamped_at.isoformat(timespec='seconds')}, under the certificate it brings"
        )


def _pinned(path: Path) -> list[bytes]:
    from tmr_app.signing import seal_keys

    try:
        return [seal_keys.der_of(path.read_bytes())]
    except (OSError, ValueError):
        raise click.ClickException(f"{path} is no certificate in PEM form.") from None


def _own() -> list[bytes]:
    from tmr_app.signing import sealing

    with db.unit(db.make_engine(from_environment().database_url)) as session:
        return sealing.certificates(session)
