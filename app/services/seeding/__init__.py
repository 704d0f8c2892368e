"""A made-up region of any size: the same number of pupils and of the seed give the same people."""
