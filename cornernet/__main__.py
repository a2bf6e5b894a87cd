"""Run the command line with `python -m cornernet`."""

import sys

from cornernet.cli import main

sys.exit(main())
