"""``python -m shiplift``."""

import sys

from shiplift.cli.main import main

sys.exit(main())
