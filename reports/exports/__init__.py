"""Exports: figures → dataset (frozen with its version) → csv, xlsx, pdf → register.

The dataset is built under the receiver's rights; a file is a pure function of the dataset and of
the template version, so it can be issued again byte for byte.
"""
