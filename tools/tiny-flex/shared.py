"""Puts the scripts of tools/tiny-flux on Python's path: what they know of the tiny world holds here too. Import it first."""

import sys
from pathlib import Path

TINY_FLUX = Path(__file__).resolve().parent.parent / "tiny-flux"
if str(TINY_FLUX) not in sys.path:
    sys.path.append(str(TINY_FLUX))
