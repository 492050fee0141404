"""Load on the real product: `make bench ingest` (or one of NAMES in `__main__`). Loopback only, bounded."""
