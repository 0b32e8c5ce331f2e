"""The menu of every role against the matrix: a tab for whom it can ever show something, and for nobody else."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask import url_for

from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.matrix import expected
from tests.matrix.people import ROLES, build
from tmr_app.access.permissions import Permission
from tmr_app.access.policy import offered_in_menu
from tmr_app.access.standing import CaseStanding, Office, Standing
from tmr_app.web.app import TmrFlask

pytestmark = pytest.mark.matrix


def test_the_menu_offers_each_role_what_can_show_it_something(bare_app: TmrFlask) -> None:
    with work(bare_app.engine) as session:
        cast = build(session)
    with bare_app.test_request_context():
        addresses = {endpoint: url_for(endpoint) for endpoint in expected.MENU}
    wrong = []
    for role in ROLES:
        person = cast.people[role]
        if person is None:
            continue
        letter = next(key for key, name in expected.LETTERS.items() if name == role)
        page = BeautifulSoup(SignedIn(bare_app, person).get("/account").text, "html.parser")
        offered = {str(link["href"]) for link in page.select("nav.govuk-service-navigation a, nav a")}
        for endpoint, address in addresses.items():
            if (address in offered) != (letter in expected.MENU[endpoint]):
                wrong.append((role, endpoint))
    assert not wrong


@pytest.mark.parametrize("office", [Office.SUPERIOR, Office.ADMINISTRATOR, Office.MINISTRY_READER])
def test_an_office_without_cases_is_offered_the_list_with_another_office_or_inside_a_case(
    office: Office,
) -> None:
    alone = Standing(person_id=uuid4(), offices_anywhere=frozenset({office}))
    both = Standing(person_id=uuid4(), offices_anywhere=frozenset({office, Office.REPRESENTATIVE}))
    seated = Standing(person_id=uuid4(), offices_anywhere=frozenset({office}), case=CaseStanding.MEMBER)
    asked = [offered_in_menu(one, Permission.CASE_LIST) for one in (alone, both, seated)]
    assert asked == [False, True, True]
