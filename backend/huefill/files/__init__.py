"""Photographs on disk: read upright with their depth, alpha, color profile and EXIF, written whole or not at all."""

from huefill.files.photo import Metadata, Photo
from huefill.files.profiles import is_linear
from huefill.files.read import SUFFIXES, read_mask, read_photo
from huefill.files.write import WRITABLE, check_place, check_storable, check_writable, write_photo, write_photos

__all__ = [
    "SUFFIXES",
    "WRITABLE",
    "Metadata",
    "Photo",
    "check_place",
    "check_storable",
    "check_writable",
    "is_linear",
    "read_mask",
    "read_photo",
    "write_photo",
    "write_photos",
]
