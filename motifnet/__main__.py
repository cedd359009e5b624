"""``python -m motifnet``."""

from motifnet.cli import main

if __name__ == "__main__":
    main()
