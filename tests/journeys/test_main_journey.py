"""The main job."""

from tests.journeys import steps_case as case
from tests.journeys.stage import Stage

CHILD = case.Child()


def test_the_main_job(stage: Stage) -> None:
    manager = case.mouse(stage, "case_manager")
    case.give_account(stage, "case_manager")
    manager.page.context.clear_cookies()
    case.sign_in_for_real(stage, manager, "case_manager")
    case_id = case.open_case(stage, manager, CHILD)
    print(manager.page.url, case_id)
