"""The register is whole: 70 duties, each with a rule and a marked table of at least three situations."""

import ast
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tmr_app.regulation import articles
from tmr_app.regulation.duties import DUTIES, duty_of, rules_of
from tmr_app.regulation.readings import READINGS
from tmr_app.regulation.verdicts import article_label

HERE = Path(__file__).parent
IDS = [duty.id for duty in DUTIES]
EXPECTED = [
    "A2",
    "A3",
    "A4.1",
    "A4.2",
    "A4.3",
    "A4.4",
    "A4.5",
    "A4.6",
    "A5.1.1",
    "A5.1.2",
    "A5.1.3",
    "A5.1.4",
    "A5.1.5",
    "A5.1.6",
    "A5.2",
    "A6.1.1",
    "A6.1.2",
    "A6.1.3",
    "A6.1.4",
    "A6.1.5",
    "A6.1.6",
    "A6.1.7",
    "A7",
    "A8.1",
    "A8.2",
    "A8.3",
    "A8.4",
    "A8.5",
    "A8.6",
    "A8.7",
    "A8.8",
    "A8.9",
    "A8.10",
    "A8.11",
    "A9",
    "A10.1",
    "A10.2",
    "A10.3",
    "A10.4",
    "A10.5",
    "A10.6",
    "A11",
    "A12.1",
    "A12.2",
    "A12.3",
    "A12.4",
    "A12.5",
    "A13.1",
    "A13.2",
    "A13.3",
    "A14.1",
    "A14.2",
    "A14.3.1",
    "A14.3.2",
    "A14.3.3",
    "A14.3.4",
    "A14.4",
    "A14.5",
    "A14.6",
    "A15",
    "A16",
    "A17.1",
    "A17.2",
    "A17.3",
    "A17.4",
    "A17.5",
    "A18.1",
    "A18.2",
    "A19",
    "A20",
]


def _named_tables(tree: ast.Module) -> dict[str, int]:
    return {
        node.targets[0].id: len(node.value.elts)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.List)
    }


@cache
def _marked() -> Counter[str]:
    found: Counter[str] = Counter()
    for path in HERE.glob("test_articles_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tables = _named_tables(tree)
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef):
                continue
            calls = [one for one in node.decorator_list if isinstance(one, ast.Call)]
            marks = [one.args[0].value for one in calls if ast.unparse(one.func) == "pytest.mark.duty"]
            rows = 0
            for one in calls:
                if ast.unparse(one.func) == "pytest.mark.parametrize":
                    table = one.args[1]
                    rows += tables[table.id] if isinstance(table, ast.Name) else len(table.elts)
            for mark in marks:
                found[mark] = max(found[mark], rows)
    return found


def test_the_register_has_the_seventy_duties_in_the_order_of_the_regulation():
    assert IDS == EXPECTED
    assert len(set(IDS)) == 70


def test_no_mark_names_an_unknown_duty():
    assert set(_marked()) <= set(IDS)


@pytest.mark.parametrize("duty", IDS)
def test_each_duty_has_a_rule_and_a_table_of_three_situations(duty):
    rules = rules_of(duty)
    assert rules
    prefix = "a" + duty[1:].replace(".", "_") + "_"
    for rule in rules:
        assert rule.__name__.startswith(prefix)
        assert getattr(articles, rule.__name__) is rule
        assert duty_of(rule).id == duty
    assert _marked()[duty] >= 3


def test_readings_belong_to_duties_and_titles_differ():
    assert set(READINGS) <= set(IDS)
    assert len({duty.title for duty in DUTIES}) == 70


@pytest.mark.parametrize(
    ("duty", "sq", "sr", "en"),
    [
        ("A9", "Neni 9", "Član 9", "Article 9"),
        ("A8.3", "Neni 8, paragrafi 3", "Član 8, stav 3", "Article 8, paragraph 3"),
        (
            "A14.3.2",
            "Neni 14, paragrafi 3, nën-paragrafi 3.2",
            "Član 14, stav 3, podstav 3.2",
            "Article 14, paragraph 3, sub-paragraph 3.2",
        ),
    ],
)
def test_article_labels(duty, sq, sr, en):
    assert [article_label(duty, locale) for locale in ("sq", "sr_Latn", "en")] == [sq, sr, en]


def test_importing_the_regulation_loads_no_framework():
    code = (
        "import sys, pkgutil, importlib, tmr_app.regulation as r\n"
        "for m in pkgutil.iter_modules(r.__path__): importlib.import_module('tmr_app.regulation.' + m.name)\n"
        "bad = {'flask', 'sqlalchemy', 'holidays', 'werkzeug', 'tmr_app.kernel'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(bad)) or 0)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
