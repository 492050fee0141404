"""Garbage collection in programs that serve."""

import gc


def keep_what_is_loaded() -> None:
    """Look for garbage only among what is made from now on.

    A full collection of what a program has loaded takes 100 ms in which it answers nobody, and frees nothing.
    """
    gc.collect()
    gc.freeze()
