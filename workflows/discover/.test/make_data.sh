#!/bin/sh
# Make the data of the test case in the folder data/: two sets with a planted motif each.
set -eu
motifnet simulate --output data/ap1 --motif TGASTCA --n-targets 200 --n-controls 400 --length 60 --seed 1
motifnet simulate --output data/gata --motif AGATAAG --n-targets 200 --length 60 --seed 2
