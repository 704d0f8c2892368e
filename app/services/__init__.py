"""Verbs: typed arguments and an actor in, the kernel's errors out; no commit, no Flask."""
