"""How much of Musterstadt's truth the released detector finds: datasets/check_musterstadt.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECK = Path(__file__).parents[3] / "datasets/check_musterstadt.py"

if __name__ == "__main__":
    sys.exit(subprocess.run([sys.executable, str(CHECK)], check=False).returncode)
