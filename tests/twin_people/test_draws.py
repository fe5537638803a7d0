"""The same person is the same person, whoever else is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from osteon.errors import UsageError
from osteon.twin.variability import draw_people, normals, uniforms

PEOPLE = st.lists(st.integers(0, 5000), min_size=1, max_size=30)


@given(PEOPLE, st.integers(1, 9))
def test_a_persons_numbers_do_not_depend_on_the_batch_or_its_order(people: list[int], count: int) -> None:
    together = uniforms("study", "purpose", np.array(people), count)
    alone = np.stack([uniforms("study", "purpose", np.array([one]), count)[:, 0] for one in people], axis=1)
    assert np.array_equal(together, alone)


def test_numbers_are_those_of_the_published_generator() -> None:
    # Ten rounds of Philox4x64 on plain integers (Salmon et al. 2011), for the person's own counter.
    import hashlib

    key = list(np.frombuffer(hashlib.blake2b(b"s\x1fp", digest_size=16).digest(), dtype="<u8").astype(object))
    person, mask = 41, (1 << 64) - 1
    block = [person + 1, 0, 0, 0]
    for _ in range(10):
        first, second = 0xD2E7470EE14C6C93 * block[0], 0xCA5A826395121157 * block[2]
        block = [(second >> 64) ^ block[1] ^ key[0], second & mask, (first >> 64) ^ block[3] ^ key[1], first & mask]
        key = [(key[0] + 0x9E3779B97F4A7C15) & mask, (key[1] + 0xBB67AE8584CAA73B) & mask]
    expected = [((word >> 11) + 1) / 2**53 for word in block]
    assert uniforms("s", "p", np.array([person]), 4)[:, 0].tolist() == expected


def test_studies_purposes_and_people_are_independent_and_normal() -> None:
    people = np.arange(4000)
    found = np.concatenate([normals("a", "x", people, 3), normals("a", "y", people, 3), normals("b", "x", people, 3)])
    assert np.max(np.abs(np.corrcoef(found) - np.eye(9))) < 0.06
    assert stats.kstest(found.ravel(), "norm").pvalue > 0.001
    assert abs(np.corrcoef(found[0, :-1], found[0, 1:])[0, 1]) < 0.06


def test_the_same_people_are_drawn_whatever_the_batch() -> None:
    everybody = draw_people("study", "female", np.arange(200))
    some = draw_people("study", "female", np.array([150, 3, 77]))
    for name, values in some.traits.items():
        assert np.array_equal(values, everybody.traits[name][[150, 3, 77]])
    assert np.allclose(some.levels, everybody.levels[:, [150, 3, 77]], rtol=0.0, atol=1e-14)


def test_a_negative_number_of_a_person_is_refused() -> None:
    with pytest.raises(UsageError, match="numbered from 0"):
        uniforms("study", "purpose", np.array([-1]), 2)
