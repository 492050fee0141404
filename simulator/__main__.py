"""`python -m simulator` serves the simulator; HOST and SIMULATOR_PORT say where."""

import os

import uvicorn


def main() -> None:
    """Serve until interrupted; open event streams get two seconds to end."""
    uvicorn.run(
        "simulator.asgi:application",
        host=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ.get("SIMULATOR_PORT", "8001")),
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
