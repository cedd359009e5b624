"""Test whether a tie is justified: strand, palindrome, position and others."""
