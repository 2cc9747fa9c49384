"""A committee reads the limits of each model in its own language."""

from __future__ import annotations

from typing import Any

import pytest

from gis.postgis.governance.shipped import newest
from governance.card_facts import figures_of
from governance.card_words import call, limits_of, say


@pytest.mark.parametrize("system", ["detector", "watering"])
def test_every_sentence_about_use_and_limits_of_a_released_model_has_its_german(
    system: str,
) -> None:
    model = newest(system)
    assert model is not None
    sentences = [model.card["intended_use"], model.card["out_of_scope"], *model.card["limits"]]
    english = [one for one in sentences if say(one, "de").language == "en"]
    if model.card.get("limits_de"):
        english = [one for one in english if one not in model.card["limits"]]
    assert english == [], "write its German in governance/card_words.toml"
    assert [one.language for one in limits_of(model.card, "de")] == ["de"] * len(
        limits_of(model.card, "de")
    )


def test_a_cards_own_german_counts_first_and_what_has_none_is_marked_english() -> None:
    card: dict[str, Any] = {"limits": ["It is blind at night."]}
    (shown,) = limits_of(card, "de")
    assert (shown.text, shown.language) == ("It is blind at night.", "en")
    (own,) = limits_of(card | {"limits_de": ["Nachts ist es blind."]}, "de")
    assert (own.text, own.language) == ("Nachts ist es blind.", "de")
    (english,) = limits_of(card | {"limits_de": ["Nachts ist es blind."]}, "en")
    assert english.text == "It is blind at night."


@pytest.mark.parametrize("system", ["detector", "watering"])
def test_every_figure_of_a_released_model_has_a_name_in_both_languages(system: str) -> None:
    model = newest(system)
    assert model is not None
    keys = {key for one in figures_of(model.card) for key in (one.split, one.metric)}
    keys |= set(model.card.get("robustness", {}).get("by_corruption", {}))
    for language in ("de", "en"):
        nameless = [key for key in sorted(keys) if call(key, language).language != language]
        assert nameless == [], "name it in governance/card_words.toml"
    assert call("7 days ahead, perfect weather", "de").text.startswith("Tage voraus: 7,")
    assert call("a new figure", "de").language == "en"
