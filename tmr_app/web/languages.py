"""Which language a person reads: own choice, then the cookie, then the browser's wish, then Albanian."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from babel import Locale
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, Domain, get_domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from tmr_app.kernel import page_texts

COOKIE = "tmr_language"
TRANSLATIONS = Path(__file__).resolve().parents[1] / "translations"


@dataclass(frozen=True, slots=True)
class Language:
    """`key` is stored and names the catalogue folder, `locale` is Babel's, `html` is the `lang` attribute."""

    key: str
    locale: str
    html: str
    name: str


ALBANIAN = Language("sq", "sq_XK", "sq", "Shqip")
SERBIAN = Language("sr_Latn", "sr_Latn", "sr-Latn", "Srpski")
ENGLISH = Language("en", "en_GB", "en", "English")
LANGUAGES = (ALBANIAN, SERBIAN, ENGLISH)

_BY_PREFIX = {
    "sq": ALBANIAN,
    "sr": SERBIAN,
    "bs": SERBIAN,
    "hr": SERBIAN,
    "me": SERBIAN,
    "en": ENGLISH,
}


def by_key(key: str | None) -> Language | None:
    """The language stored under `key`, or none; anything else a client sends is none too."""
    return next((language for language in LANGUAGES if language.key == key), None)


def of_locale(locale: Locale | str | None) -> Language:
    """The language a Babel locale belongs to; Albanian where unknown."""
    return _BY_PREFIX.get(str(locale or "")[:2], ALBANIAN)


def wished(header: str) -> Language | None:
    """The first language of an Accept-Language header that is ours, by quality, then by order."""
    ranked: list[tuple[float, int, Language]] = []
    for place, part in enumerate(header[:500].split(",")):
        tag, _, rest = part.strip().partition(";")
        language = _BY_PREFIX.get(tag.strip().lower()[:2])
        quality = _quality(rest)
        if language and quality > 0:
            ranked.append((-quality, place, language))
    return min(ranked, key=lambda entry: entry[:2])[2] if ranked else None


def _quality(rest: str) -> float:
    name, _, value = rest.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def choose(own: str | None, cookie: str | None, header: str | None) -> Language:
    """The language for one request."""
    return by_key(own) or by_key(cookie) or wished(header or "") or ALBANIAN


def current() -> Language:
    """The language of the page being made (inside an application context)."""
    try:
        return _page()[2]
    except RuntimeError:  # no page is being made
        return ALBANIAN


def select_locale() -> str:
    """For Flask-Babel. `g.user_language` is set by the web layer from the signed-in person's account."""
    if not has_request_context():
        return ALBANIAN.locale
    own = g.get("user_language")
    return choose(own, request.cookies.get(COOKIE), request.headers.get("Accept-Language")).locale


class PageDomain(Domain):
    """Flask-Babel's messages, asked of the page's own catalogue: a page's Python asks as often as its templates."""

    def get_translations(self) -> Any:
        return _catalogue() if has_app_context() else super().get_translations()

    def gettext(self, string: str, **variables: Any) -> str:
        try:
            found = str(_catalogue().ugettext(string))
        except RuntimeError:  # no page is being made
            return str(super().gettext(string, **variables))
        return found % variables if variables else found

    def looked_up(self) -> Any:
        return super().get_translations()


class PageBabel(Babel):
    """One domain for the whole process: each catalogue is read once."""

    @cached_property
    def domain_instance(self) -> PageDomain:
        return PageDomain(domain=self.domain)


def register(app: Flask, selector: Callable[[], str] = select_locale) -> Babel:
    """Set Flask-Babel up with our catalogues, Albanian by default, civil time of Kosovo."""
    babel = PageBabel(
        app,
        default_locale=ALBANIAN.locale,
        default_timezone="Europe/Belgrade",
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=selector,
    )
    page_texts.use(_catalogue_anywhere)
    i18n: Any = app.jinja_env
    i18n.install_gettext_callables(
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    i18n.globals["_"] = i18n.globals["gettext"] = _written
    return babel


@pass_eval_context
def _written(place: EvalContext, text: str, /, **values: Any) -> str:
    """What a template's `_("text")` gives: as Jinja's own, but a text without values is made ready only once."""
    _locale, catalogue, _language, ready = _page()
    found = ready.get(text)
    if found is None:
        found = ready[text] = Markup(catalogue.ugettext(text))  # noqa: S704 -- our own catalogue, as Jinja does it
    if not place.autoescape:
        return str(found) % values
    return found % values if values or "%" in found else found


def _catalogue() -> Any:
    """The catalogue of the page being made."""
    return _page()[1]


def _catalogue_anywhere() -> Any:
    """The same, and where no page is being made the texts as they were written."""
    try:
        return _page()[1]
    except RuntimeError:
        return get_domain().get_translations()


Kept = tuple[Locale | None, Any, Language, dict[str, Markup]]


def _page() -> Kept:
    """Locale, catalogue, language and texts made ready, looked for once per page and language: a page asks a hundred times."""
    page: Any = g._get_current_object()
    held: dict[str, Any] = page.__dict__
    kept: Kept | None = held.get("page_language")
    if kept is None or kept[0] is not getattr(held.get("_flask_babel"), "babel_locale", None):
        locale = get_locale()
        domain: Any = get_domain()
        catalogue = domain.looked_up()
        ready = catalogue.__dict__.setdefault("ready", {})
        kept = page.page_language = (locale, catalogue, of_locale(locale), ready)
    return kept
