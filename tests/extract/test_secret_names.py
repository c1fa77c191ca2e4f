"""Names are sifted before they are looked at closely, and none that announces a secret falls through."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from archguard.extract.secret_names import _KINDS, _announced, secret_name

WORDS = sorted(
    {word for _, options in _KINDS for word in re.findall(r"[a-z]+", options)} | {"pass", "db", "user"}
)

names = st.lists(st.sampled_from([*WORDS, "my", "the", "s", "1"]), min_size=1, max_size=4).flatmap(
    lambda words: st.sampled_from(
        [
            "_".join(words),
            "-".join(words),
            "".join(words),
            "".join(map(str.title, words)),
            "_".join(words).upper(),
        ]
    )
)


@given(names | st.text(max_size=20))
@example("apiKey")
@example("PGPASSWORD")
@example("db_pass")
@example("\N{KELVIN SIGN}ey_secret")
def test_a_sifted_name_is_the_same_as_one_looked_at_closely(name: str) -> None:
    assert secret_name(name) == _announced(name)


def test_every_kind_is_announced_by_each_of_its_words() -> None:
    plain = [option for kind, options in _KINDS if kind != "named-auth" for option in options.split("|")]
    assert [option for option in plain if not secret_name(option.replace(" ", "_"))] == []
