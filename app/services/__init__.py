"""Verbs. Services take typed arguments and an actor, raise the kernel's errors, never commit, know no Flask."""
