"""Authors: one file or folder each, all with the shape of `base.Author`."""
