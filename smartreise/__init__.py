"""Smart Reiseinfo: real-time multimodal departure suggestions. ARCHITECTURE.md shows the rooms."""

__version__ = "0.1.0"
