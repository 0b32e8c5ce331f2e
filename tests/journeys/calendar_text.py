"""A calendar part read by the letter of RFC 5545: unfolding (3.1), parameters (3.2), text escapes (3.3.11).

Written without the library that writes our entries, so that both cannot be wrong together.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

LINE = re.compile(
    r'^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)$'
)
PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')


@dataclass
class Property:
    value: str
    parameters: dict[str, str]

    @property
    def instant(self) -> datetime:
        """A local time with its TZID, or UTC with Z."""
        zone = ZoneInfo("UTC" if self.value.endswith("Z") else self.parameters["TZID"])
        return datetime.strptime(self.value.rstrip("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=zone)


@dataclass
class Component:
    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    parts: list["Component"] = field(default_factory=list)

    def one(self, name: str) -> Property:
        (found,) = self.properties[name]
        return found

    def part(self, name: str) -> "Component":
        (found,) = [part for part in self.parts if part.name == name]
        return found


def read(raw: bytes) -> Component:
    """The VCALENDAR of these octets. AssertionError where the text breaks the RFC."""
    text = raw.decode("utf-8")
    assert text.endswith("\r\n"), "lines end in CRLF"
    assert "\n" not in text.replace("\r\n", ""), "a bare line feed"
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")), "a line longer than 75 octets"
    stack = [Component("")]
    for line in re.sub(r"\r\n[ \t]", "", text).split("\r\n")[:-1]:
        found = LINE.match(line)
        assert found is not None, line
        name, parameters, value = found[1].upper(), found[2], found[3]
        if name == "BEGIN":
            stack.append(Component(value.upper()))
        elif name == "END":
            done = stack.pop()
            assert done.name == value.upper()
            stack[-1].parts.append(done)
        else:
            given = {key.upper(): one.strip('"') for key, one in PARAMETER.findall(parameters)}
            unescaped = re.sub(r"\\([\\;,Nn])", lambda m: {"n": "\n", "N": "\n"}.get(m[1], m[1]), value)
            stack[-1].properties.setdefault(name, []).append(Property(unescaped, given))
    return stack[0].part("VCALENDAR")
