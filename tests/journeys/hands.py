"""How a person uses a page: with mouse and script, or with the keyboard alone. The same steps take either hand."""

from typing import Protocol
from urllib.parse import urlsplit

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

AT = "e => e === document.activeElement"
MANY_TABS = 400


class Hand(Protocol):
    """One person at one page. Every selector is a CSS selector of Playwright."""

    page: Page

    def write(self, where: str, text: str) -> None: ...

    def tick(self, where: str) -> None: ...

    def pick(self, where: str, value: str) -> None: ...

    def press(self, where: str) -> None: ...


def button_of(field: str) -> str:
    """The main button of the form that holds this field."""
    return f"form:has({field}) button[type=submit]:not([formaction]):not(.govuk-password-input__toggle)"


class MouseHand:
    """Clicks and types, script running."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def write(self, where: str, text: str) -> None:
        self.page.fill(where, text)

    def tick(self, where: str) -> None:
        self.page.check(where)

    def pick(self, where: str, value: str) -> None:
        self.page.select_option(where, value)

    def press(self, where: str) -> None:
        """Click the last of the fitting ones: the deciding button stands last in its form."""
        try:
            with self.page.expect_navigation():
                self.page.locator(where).last.click()
        except PlaywrightError as error:
            said = self.page.inner_text("main")
            raise AssertionError(f"{where} led nowhere from {self.page.url}\n{said}") from error


class KeyboardHand:
    """Tab, arrows, space, enter and letters; never the mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def write(self, where: str, text: str) -> None:
        self._tab_to(where)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def tick(self, where: str) -> None:
        """A checkbox by Tab and Space; a radio by Tab into its group and the arrows."""
        box = self.page.locator(where).first
        if box.get_attribute("type") != "radio":
            self._tab_to(where)
            self.page.keyboard.press("Space")
        else:
            self._tab_to(f"input[type=radio][name='{box.get_attribute('name')}']")
            self.page.keyboard.press("Space")
            for _ in range(20):
                if box.is_checked():
                    break
                self.page.keyboard.press("ArrowDown")
        assert box.is_checked(), where

    def pick(self, where: str, value: str) -> None:
        self._tab_to(where)
        chosen = self.page.locator(where).first
        self.page.keyboard.press("Home")
        for _ in range(60):
            if chosen.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} cannot be chosen with the arrows in {where}")

    def press(self, where: str) -> None:
        """Enter on a link or button."""
        self._tab_to(where, last=True)
        before = self.page.url
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        assert urlsplit(before).netloc == urlsplit(self.page.url).netloc

    def _tab_to(self, where: str, *, last: bool = False) -> None:
        """Tab until one of these (or the last of them) has the focus; every control must be reached this way."""
        wanted = self.page.locator(where)
        number = wanted.count()
        assert number, f"{where} is not on {self.page.url}"
        targets = [wanted.last] if last else [wanted.nth(place) for place in range(number)]
        for _ in range(MANY_TABS):
            if any(target.evaluate(AT) for target in targets):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{where} cannot be reached with the Tab key on {self.page.url}")
