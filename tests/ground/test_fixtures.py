"""The fixtures themselves: each promise they make to other tests is kept."""

import smtplib
import socket
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import create_engine, text

from tests.fixtures.guards import SocketOffLoopback
from tests.fixtures.postgres import PostgresServer
from tests.fixtures.smtp import SmtpServer


def letter(to: str = "member@ks.example") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "office@qps.example", to, "Takim"
    message.set_content("Përshëndetje")
    return message


def send(smtp: SmtpServer, *to: str, timeout: float = 5) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP(smtp.host, smtp.port, timeout=timeout) as client:
        return client.send_message(letter(), to_addrs=to or ("member@ks.example",))


@pytest.mark.parametrize(
    "address", [("192.0.2.1", 25), ("smtp.ministria.example", 25), ("2001:db8::1", 443, 0, 0)]
)
def test_no_socket_leaves_this_machine(address: tuple[object, ...]) -> None:
    family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
    with socket.socket(family) as outward, pytest.raises(SocketOffLoopback):
        outward.connect(address)
    with pytest.raises(SocketOffLoopback):
        socket.getaddrinfo(address[0], 25)


def test_smtp_stores_what_it_accepts(smtp: SmtpServer) -> None:
    send(smtp)
    (message,) = smtp.sent_to("member@ks.example")
    assert message["Subject"] == "Takim"
    assert message.get_content().strip() == "Përshëndetje"
    assert smtp.received[0].sender == "office@qps.example"


def test_smtp_puts_off_n_times_then_accepts(smtp: SmtpServer) -> None:
    smtp.put_off(2)
    for _ in range(2):
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(smtp)
        assert refused.value.smtp_code == 451
    send(smtp)
    assert len(smtp.received) == 1


def test_smtp_refuses_one_address_only(smtp: SmtpServer) -> None:
    smtp.refuse("gone@ks.example")
    refused = send(smtp, "member@ks.example", "gone@ks.example")
    assert refused["gone@ks.example"][0] == 550
    assert smtp.received[0].recipients == ("member@ks.example",)


def test_smtp_hangs_until_released(smtp: SmtpServer) -> None:
    smtp.hang()
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        send(smtp, timeout=0.2)
    smtp.clear()
    send(smtp, "later@ks.example")
    assert smtp.sent_to("later@ks.example")


def test_smtp_drops_the_line_after_keeping_the_message(smtp: SmtpServer) -> None:
    smtp.drop_after_data()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(smtp)
    assert len(smtp.received) == 1
    send(smtp)
    assert len(smtp.received) == 2


def test_rounds_are_a_tenth_unless_proving(
    rounds: Callable[[int], int], request: pytest.FixtureRequest
) -> None:
    full = request.config.getoption("--rounds") == "full"
    assert rounds(200) == (200 if full else 20)
    assert rounds(3) == (3 if full else 1)


def test_postgresql_is_new_enough(postgresql_server: PostgresServer) -> None:
    engine = create_engine(postgresql_server.url)
    with engine.connect() as connection:
        assert int(connection.execute(text("SHOW server_version_num")).scalar_one()) >= 150000
        assert connection.execute(text("SELECT lower('ÇËŠĐ')")).scalar_one() == "çëšđ"
    engine.dispose()


def test_a_module_gets_a_migrated_database(database_url: str, engine_name: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert engine.dialect.name == engine_name
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    engine.dispose()


def test_a_fresh_database_shares_nothing(database_url: str, fresh_database_url: str) -> None:
    assert database_url != fresh_database_url
    engine = create_engine(fresh_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (id INTEGER)"))
    engine.dispose()
    other = create_engine(database_url)
    with other.connect() as connection:
        assert "only_here" not in other.dialect.get_table_names(connection)
    other.dispose()


def test_browser_sees_a_served_page(
    page: Page, serve: Callable[[Flask], str], look: Callable[[Page, str], None], axe: Callable[[Page], None]
) -> None:
    app = Flask("served")

    @app.get("/")
    def home() -> str:
        return (
            "<!doctype html><html lang='sq'><head><meta name='viewport' content='width=device-width'>"
            "<title>Tryeza</title></head><body><main><h1>Tryeza</h1></main></body></html>"
        )

    page.goto(serve(app))
    assert page.title() == "Tryeza"
    axe(page)
    look(page, "ground")


def test_axe_finds_a_picture_without_words(page: Page, axe: Callable[[Page], None]) -> None:
    page.set_content("<html lang='sq'><title>x</title><main><h1>x</h1><img src='data:,'></main></html>")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)
