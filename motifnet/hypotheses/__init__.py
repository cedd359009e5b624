"""Tests of ties: is the symmetry that a model declares one that the data have?"""
