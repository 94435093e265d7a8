"""What texts of administration must look like, as patterns that Python and JSON Schema read alike."""

from __future__ import annotations

from typing import Final

ID: Final = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
#: one visible character at least, no control characters
NAME: Final = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
CLOCK: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
COLOUR: Final = r"^#[0-9a-fA-F]{6}$"
LAYOUT: Final = r"^[a-z][a-z0-9-]{0,39}$"
LOGO: Final = r"^data:image/(png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$"
WEB: Final = r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?][!-~]*)?$"
