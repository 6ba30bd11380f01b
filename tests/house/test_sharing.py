"""What runs in one process: a file, but for the two halves of its stories."""

import pytest

from tests.sharing import KINDS, together

STORIES = "tests/journeys/test_setup.py"


def test_the_stories_of_a_file_are_apart_by_their_database() -> None:
    apart = {together(f"{STORIES}::test_a_name_is_taken[{kind}]") for kind in KINDS}
    assert len(apart) == len(KINDS)
    for kind in KINDS:
        assert together(f"{STORIES}::test_other_words[{kind}-me too]") in apart


@pytest.mark.parametrize("case", ["", "[now]", "[a-sqlite]", "[file]"])
def test_everything_else_stays_with_its_file(case: str) -> None:
    assert together(f"{STORIES}::test_a_name_is_taken{case}") == STORIES
