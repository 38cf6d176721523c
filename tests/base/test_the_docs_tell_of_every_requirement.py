"""Every requirement of OWASP ASVS 5.0, levels 1 and 2, stands once in the table of docs/security.md."""

import re

from django.conf import settings

# By section, the numbers of its requirements of levels 1 and 2.
UP_TO = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4, "3.4": 6,
    "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12,
    "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2,
    "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1,
    "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5,
    "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip


def test_each_stands_once_with_how_and_where() -> None:
    text = (settings.BASE_DIR / "docs" / "security.md").read_text()
    rows = re.findall(r"^\| (\d[\d., ]*) \| (.+) \| (.+) \|$", text, re.MULTILINE)
    told = [one for numbers, _how, _where in rows for one in numbers.split(", ")]
    wanted = [f"{section}.{number}" for section, last in UP_TO.items() for number in range(1, last + 1)]
    assert sorted(told) == sorted(wanted)
    assert all(how.strip() and where.strip() for _numbers, how, where in rows)
