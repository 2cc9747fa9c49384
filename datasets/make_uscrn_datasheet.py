"""Write the datasheet of the soil model's training data: USCRN daily 2020, as Croissant.

    python datasets/make_uscrn_datasheet.py PATH/uscrn_daily_2020.parquet

The data themselves are not in this repository; the sheet names their digest.
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path

from vision.training.data.croissant import Sheet, SheetFile, croissant

OUT = Path(__file__).parent / "datasheets/uscrn-daily-2020.json"
SHEET = Sheet(
    name="uscrn-daily-2020",
    description=(
        "Daily weather and soil moisture of 2020 from stations of the U.S. Climate Reference "
        "Network: grass plots in the open, sensors at 5, 10, 20, 50 and 100 cm."
    ),
    licence_url="https://www.usa.gov/government-works",
    homepage="https://www.ncei.noaa.gov/access/crn/",
    citation=(
        "Diamond et al. (2013), U.S. Climate Reference Network after one decade of operations, "
        "Bull. Amer. Meteor. Soc. 94, 485-498"
    ),
    version="2020",
    published_on="2021-01-01",
    creators=("NOAA National Centers for Environmental Information",),
    collection="Automatic stations with three sensors each; values checked by NOAA.",
    annotation="None: the truth is the sensors' own soil moisture of a later day.",
    biases=(
        "One year, one country, grass on open ground. No street trees, no sealed ground, no "
        "watering, no German soils or summers."
    ),
    personal_data="None.",
    limits=(
        "Good enough to learn how soils dry, not to promise anything about a single city tree: "
        "the model's card says so."
    ),
)


def main(arguments: list[str]) -> int:
    """Measure the file and write the sheet."""
    data = Path(arguments[0])
    file = SheetFile(
        name=data.name,
        sha256=sha256(data.read_bytes()).hexdigest(),
        size_bytes=data.stat().st_size,
        media_type="application/vnd.apache.parquet",
    )
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(croissant(SHEET, [file]), indent=1, ensure_ascii=False) + "\n")
    print(OUT)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
