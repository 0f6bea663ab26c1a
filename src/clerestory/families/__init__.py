"""One package a family. Families never import each other; what two of them need belongs to the platform."""
