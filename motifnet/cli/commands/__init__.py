"""The commands, a module for each: its docstring is what ``motifnet --help`` says of it."""
