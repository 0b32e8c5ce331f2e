"""The cases of Novobërdë that run today: Serbian, Roma and Albanian families, documents in two languages."""

from collections.abc import Iterator

from tmr_app.web.demonstration import meeting_steps as meetings
from tmr_app.web.demonstration.children import PRESENT
from tmr_app.web.demonstration.present import Stage
from tmr_app.web.demonstration.timeline import Story, at


def stories(stage: Stage) -> Iterator[Story]:
    yield from (_convened(stage), _preparing(stage), _review(stage), _overdue(stage))


def _convened(stage: Stage) -> Story:
    """A first meeting convened; some have answered."""
    yield at(stage.diary.ago(20), 9, 12)
    bench = stage.open("sr_convened")
    yield from stage.table(bench, 15)
    yield at(stage.diary.ago(9), 10, 12)
    meeting = stage.called(bench, 0, stage.diary.ahead(4))
    yield at(stage.diary.ago(7), 9, 12)
    stage.ready(bench, meeting)
    yield at(stage.diary.ago(5), 11, 12)
    meetings.convene(bench, meeting)
    yield at(stage.diary.ago(3), 14, 12)
    meetings.read_pack(bench, meeting, [bench.person_of("police"), bench.person_of("school")])
    meetings.answer(bench, meeting, bench.person_of("police"), "yes")
    meetings.answer(bench, meeting, bench.person_of("school"), "no", "Roditeljski sastanak u školi.")


def _preparing(stage: Stage) -> Story:
    """In preparation; the head has agreed and the family knows: ready to be convened by whoever tries."""
    yield at(stage.diary.ago(15), 9, 22)
    bench = stage.open("sr_preparing")
    yield from stage.table(bench, 10)
    yield at(stage.diary.ago(3), 10, 22)
    meeting = stage.called(bench, 0, stage.diary.ahead(10))
    yield at(stage.diary.ago(1), 11, 22)
    stage.ready(bench, meeting)


def _review(stage: Stage) -> Story:
    """First meeting held; the review goes out just now, with reports of two members."""
    yield at(stage.diary.ago(40), 9, 32)
    bench = stage.open("sr_roma")
    yield from stage.table(bench, 35)
    yield from stage.held(bench, stage.diary.ago(23), next_on=stage.diary.ahead(7))
    yield at(stage.diary.ago(1), 12, 32)
    review = stage.kept[bench.story.name][1]
    meetings.report(bench, review, ["school", "ngo"])
    stage.ready(bench, review)


def _overdue(stage: Stage) -> Story:
    """Referred some time ago and not assessed yet: what overdue looks like."""
    yield at(stage.diary.ago(17), 9, 42)
    stage.open("nb_albanian", office="second_case_manager")


def just_now(stage: Stage) -> None:
    bench, review = stage.kept[PRESENT["sr_roma"].name]
    meetings.convene(bench, review)
