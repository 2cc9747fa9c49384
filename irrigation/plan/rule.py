"""Without weather: the stated rule that decides who is watered. Pure.

FLL as quoted in the trade press cares for trees five years after planting; a fixed interval is what
gardeners do without a balance. It knows nothing of dryness, so nothing is called good or urgent.
"""

from __future__ import annotations

import numpy as np

from irrigation.arrays import Numbers, Truths

INTERVAL_DAYS = 14  # the fixed calendar
CARE_YEARS = 5

WORDS = {
    "de": "Regel ohne Wetterdaten: Bäume bis {years} Jahre nach der Pflanzung (und solche ohne "
    "bekanntes Alter) alle {days} Tage",
    "en": "rule without weather: trees up to {years} years after planting (and those of unknown "
    "age) every {days} days",
}


def due(site_age_years: Numbers, days_since_watered: Numbers) -> Truths:
    """Which trees the rule waters today; unknown age counts as young, never watered as due.

    >>> due(np.array([2.0, np.nan, 30.0, 2.0]), np.array([20.0, np.inf, np.inf, 3.0])).tolist()
    [True, True, False, False]
    """
    young: Truths = ~np.greater(site_age_years, CARE_YEARS)
    return young & (days_since_watered >= INTERVAL_DAYS)
