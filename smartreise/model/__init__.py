"""The shared words: frozen records, service days and modes. Imports only the standard library."""
