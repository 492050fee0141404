"""Load on the real product: `make bench ingest`, `make bench sockets`, `make bench servers`. Loopback only, bounded."""
