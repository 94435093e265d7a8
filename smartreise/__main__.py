"""`smartreise`, and `python -m smartreise`."""

from __future__ import annotations

from smartreise.app.cli import main

if __name__ == "__main__":
    main()
