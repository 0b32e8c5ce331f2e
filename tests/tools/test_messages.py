"""The translation tool on a small repository of its own."""

import gettext
from pathlib import Path

import pytest

from tools import messages

HEADS = {
    locale: f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {rule}\\n"\n'
    for locale, rule in messages.PLURALS.items()
}
DAYS = {
    "sq": 'msgid "%(num)s day"\nmsgid_plural "%(num)s days"\nmsgstr[0] "%(num)s ditë"\nmsgstr[1] "%(num)s ditë"\n',
    "sr_Latn": 'msgid "%(num)s day"\nmsgid_plural "%(num)s days"\n'
    'msgstr[0] "%(num)s dan"\nmsgstr[1] "%(num)s dana"\nmsgstr[2] "%(num)s dana"\n',
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    code = tmp_path / "tmr_app" / "cases"
    code.mkdir(parents=True)
    (code / "views.py").write_text('_("Case %(n)s", n=1)\nngettext("%(num)s day", "%(num)s days", 2)\n')
    page = tmp_path / "templates" / "cases"
    page.mkdir(parents=True)
    (page / "show.html").write_text('{% block a %}{{ _("Table") }}{% endblock %}')
    for locale in messages.LOCALES:
        write(
            tmp_path,
            locale,
            "cases",
            f'msgid "Case %(n)s"\nmsgstr "R %(n)s"\n\nmsgid "Table"\nmsgstr "T"\n\n{DAYS[locale]}',
        )
    return tmp_path


def write(root: Path, locale: str, room: str, entries: str) -> None:
    folder = root / "tmr_app" / "translations" / locale
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{room}.po").write_text(HEADS[locale] + "\n" + entries, "utf-8")


def test_complete_catalogues_pass(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert messages.check(repository) == 0
    assert "3 messages, 0 wrong, 0 left over" in capsys.readouterr().out


def test_missing_message_is_named_with_its_place(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "tmr_app" / "cases" / "forms.py").write_text('\nlabel = _l("Not there")\n')
    assert messages.check(repository) == 1
    assert "sq: not translated: 'Not there' (tmr_app/cases/forms.py:2)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('msgid "Case %(n)s"\nmsgstr "Rasti %(x)s"\n', "places differ"),
        ('msgid "Case %(n)s"\nmsgstr "Rasti"\n', "places differ"),
        ('#, fuzzy\nmsgid "Case %(n)s"\nmsgstr "Rasti %(n)s"\n', "fuzzy"),
    ],
)
def test_bad_entry_is_told(
    repository: Path, capsys: pytest.CaptureFixture[str], entry: str, words: str
) -> None:
    write(repository, "sq", "cases", f'{entry}\nmsgid "Table"\nmsgstr "T"\n\n{DAYS["sq"]}')
    assert messages.check(repository) == 1
    assert words in capsys.readouterr().out


def test_left_over_entry_is_listed_and_wrong_when_strict(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository, "sq", "old", 'msgid "Gone"\nmsgstr "Ikur"\n')
    assert messages.check(repository) == 0
    assert "sq/old.po: 'Gone' is used nowhere" in capsys.readouterr().out
    assert messages.check(repository, strict=True) == 1


def test_two_translations_of_one_message_are_refused(repository: Path) -> None:
    write(repository, "sq", "plans", 'msgid "Table"\nmsgstr "Tryeza"\n')
    with pytest.raises(messages.Wrong, match=r"'Table': cases.po says 'T', plans.po says 'Tryeza'"):
        messages.compile_all(repository)


def test_missing_plural_form_is_refused(repository: Path) -> None:
    write(repository, "sr_Latn", "plans", DAYS["sq"].replace("day", "week"))
    with pytest.raises(messages.Wrong, match="3 plural forms"):
        messages.compile_all(repository)


def test_compiled_catalogue_answers_with_right_plurals(repository: Path) -> None:
    write(repository, "sr_Latn", "flask_security", 'msgid "Login"\nmsgstr "Prijava"\n')
    messages.compile_all(repository)
    folder = repository / "tmr_app" / "translations"
    found = gettext.translation("messages", folder, ["sr_Latn"])
    spoken = [found.ngettext("%(num)s day", "%(num)s days", n) % {"num": n} for n in (1, 3, 5, 21)]
    assert spoken == ["1 dan", "3 dana", "5 dana", "21 dan"]
    own = gettext.translation("flask_security", folder, ["sr_Latn"])
    assert own.gettext("Login") == "Prijava"
    assert found.gettext("Login") == "Login"


def test_todo_prints_a_skeleton_of_one_room(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "tmr_app" / "cases" / "forms.py").write_text('label = _l("Not there")\n')
    messages.todo("cases", "sq", repository)
    messages.todo("plans", "sq", repository)
    out = capsys.readouterr().out
    assert out.count('msgid "Not there"') == 1
    assert "cases/forms.py:1" in out


@pytest.mark.parametrize(
    ("place", "room"),
    [
        ("tmr_app/cases/forms.py:3", "cases"),
        ("templates/cases/new.html:9", "cases"),
        ("templates/components/forms.html:1", "ui"),
        ("templates/_layout/page.html:1", "ui"),
    ],
)
def test_room_of_a_place(place: str, room: str) -> None:
    assert messages.room_of(place) == room
