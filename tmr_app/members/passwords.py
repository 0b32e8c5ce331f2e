"""Which passwords are taken: at least 12 characters and none that everybody tries first.

The list is local: no password, nor part of its hash, is sent to anybody. Words are compared after taking away digits,
marks, accents and the usual look-alikes, so "Fjalëkalimi2026!" is "fjalekalimi".
"""

import re
from typing import Any

from flask_babel import gettext
from flask_security import PasswordUtil

from tmr_app.kernel.text import fold

SHORTEST = 12
FEWEST_DIFFERENT = 5
LOOK_ALIKE = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)

_WORDS = """
    password passwort motdepasse letmein welcome iloveyou admin administrator administratori qwerty qwertz
    azerty monkey dragon master superman batman football baseball sunshine princess princesha trustno
    changeme secret secure default guest login abc abcdef abcdefgh abcdefghijkl test testing computer
    internet windows google facebook fjalekalimi fjalekalim fjalkalimi fjalekalimiim sekreti sekret
    miresevini mirsevini mirdita miremengjes tungjatjeta kosova kosove kosovo kosovaime kosovarepublik
    republikaekosoves shqiperia shqiperi shqipe shqiponja shqip shqipetar prishtina prishtine prizren
    prizreni peja gjakova mitrovica ferizaj ferizaji gjilan gjilani vushtrri podujeva flamuri atdheu adem
    jashari ademjashari skenderbeu skenderbeg gjergjkastrioti uck besa dashuria dashuri tedua temoje zemra
    zemer shpirti familja familje femija femijet nena babai djali vajza mbrojtja mbrojtjaefemijeve tryeza
    tryezaerrumbullaket punasociale qps qendraperpunesociale lozinka sifra sifrica mojalozinka mojasifra
    lozinkamoja dobrodosli dobrodosao zdravo pozdrav volimte ljubav srce srcemoje srbija srbin srpska beograd
    kosovoimetohija kosovska mitrovicasever zvezda partizan crvenazvezda porodica deca dete zastitadece
    okruglisto okruglistol socijalnirad
"""
COMMON = frozenset(_WORDS.split())
RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "01234567890123456789",
)


def is_common(password: str, own_words: tuple[str, ...] = ()) -> bool:
    """Whether a guesser would try it early; `own_words` are the person's name and address."""
    plain = fold(password).replace(" ", "")
    if len(set(plain)) < FEWEST_DIFFERENT or any(plain in run * 2 or plain[::-1] in run * 2 for run in RUNS):
        return True
    own = tuple(word for text in own_words for word in re.split(r"[\W\d_]+", fold(text)) if len(word) > 3)
    for spelled in (
        plain,
        plain.translate(LOOK_ALIKE),
        fold(password.translate(LOOK_ALIKE)).replace(" ", ""),
    ):
        letters = re.sub(r"[\W\d_]", "", spelled)
        if _made_of(letters, COMMON) or any(word in letters and len(letters) < len(word) + 5 for word in own):
            return True
    return False


def _made_of(letters: str, words: frozenset[str]) -> bool:
    """The letters are one common word, or one repeated, or two in a row, with at most three letters around."""
    if len(letters) < 4:
        return True
    once = re.fullmatch(r"(.+?)\1*", letters)
    if letters in words or (once is not None and once.group(1) in words):
        return True
    if any(letters[:cut] in words and letters[cut:] in words for cut in range(3, len(letters) - 2)):
        return True
    return any(len(word) >= 6 and word in letters and len(letters) - len(word) <= 3 for word in words)


class Passwords(PasswordUtil):
    """Flask-Security's question "may this be a password"."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        normal = self.normalize(password)
        account = kwargs.get("user")
        person = getattr(account, "person", None)
        own = (getattr(account, "email", "") or "", getattr(person, "name", "") or "")
        return refusals(normal, own) or None, normal


def refusals(password: str, own_words: tuple[str, ...] = ()) -> list[str]:
    """Why this may not be a password, in the reader's language; empty when it may."""
    if len(password) < SHORTEST:
        return [gettext("Choose a password of at least %(count)s characters.", count=SHORTEST)]
    if len(password) > 200:
        return [gettext("Choose a password of at most %(count)s characters.", count=200)]
    if is_common(password, own_words):
        return [gettext("This password is easy to guess. Choose several words that do not belong together.")]
    return []
