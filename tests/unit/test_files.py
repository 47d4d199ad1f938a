"""Photographs come back from disk with their depth, alpha and profile, and every bad file gets a sentence."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from huefill.errors import HuefillError
from huefill.files import Photo, check_writable, is_linear, read_mask, read_photo, write_photo
from tests.pictures import gray_profile, picture


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("suffix", "dtype"), [(".png", np.uint8), (".png", np.uint16), (".tif", np.uint8), (".tif", np.uint16), (".tif", np.float32)]
)
def test_a_photo_comes_back_as_it_was_written(tmp_path: Path, channels: int, suffix: str, dtype: type) -> None:
    pixels = picture(channels, dtype)
    icc = gray_profile() if channels < 3 else ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    write_photo(tmp_path / f"ä {channels}{suffix}", Photo(pixels, icc))
    again = read_photo(tmp_path / f"ä {channels}{suffix}")
    assert again.pixels.dtype == pixels.dtype
    assert np.array_equal(again.pixels, pixels)
    assert again.icc == icc


def test_a_turned_photo_is_read_upright(tmp_path: Path) -> None:
    pixels = picture(3, np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(pixels).save(tmp_path / "turned.png", exif=exif)
    assert np.array_equal(read_photo(tmp_path / "turned.png").pixels, np.rot90(pixels, -1))


def test_a_palette_picture_with_transparency_is_rgba(tmp_path: Path) -> None:
    image = Image.new("P", (5, 5), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.save(tmp_path / "p.png", transparency=0)
    assert read_photo(tmp_path / "p.png").pixels[2, 2].tolist() == [255, 0, 0, 255]


def test_a_transparent_part_of_a_mask_is_not_selected(tmp_path: Path) -> None:
    Image.fromarray(np.dstack([np.full((4, 4), 255, np.uint8)] * 3 + [np.eye(4, dtype=np.uint8) * 255])).save(tmp_path / "m.png")
    assert np.array_equal(read_mask(tmp_path / "m.png"), np.eye(4, dtype=np.uint8) * 255)


def test_a_bilevel_mask_is_0_and_255(tmp_path: Path) -> None:
    Image.fromarray(np.eye(4, dtype=bool)).save(tmp_path / "m.png")
    assert np.array_equal(read_mask(tmp_path / "m.png"), np.eye(4, dtype=np.uint8) * 255)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("gone.png", None, "no_file"),
        ("text.png", b"hello", "unreadable_image"),
        ("empty.jpg", b"", "unreadable_image"),
        ("cut.png", "cut", "unreadable_image"),
    ],
)
def test_a_bad_file_gets_a_sentence(tmp_path: Path, name: str, content: object, code: str) -> None:
    if content == "cut":
        write_photo(tmp_path / "whole.png", Photo(picture(3, np.uint8)))
        content = (tmp_path / "whole.png").read_bytes()[:700]
    if content is not None:
        (tmp_path / name).write_bytes(content)  # type: ignore[arg-type]
    with pytest.raises(HuefillError) as caught:
        read_photo(tmp_path / name)
    assert caught.value.code == code
    assert name in caught.value.message


@pytest.mark.parametrize(
    ("name", "channels", "dtype", "code"),
    [
        ("a.jpg", 4, np.uint8, "no_alpha_in_jpeg"),
        ("a.jpg", 3, np.uint16, "depth"),
        ("a.png", 3, np.float32, "depth"),
        ("a.bmpx", 3, np.uint8, "unknown_format"),
        ("no/where/a.png", 3, np.uint8, "no_folder"),
    ],
)
def test_what_cannot_be_stored_is_said_and_nothing_is_written(tmp_path: Path, name: str, channels: int, dtype: type, code: str) -> None:
    with pytest.raises(HuefillError) as caught:
        write_photo(tmp_path / name, Photo(picture(channels, dtype)))
    assert caught.value.code == code
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.png"
    write_photo(target, Photo(picture(3, np.uint8)))
    before = target.read_bytes()

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("huefill.files.write.os.replace", no_space)
    with pytest.raises(HuefillError, match="no space left"):
        write_photo(target, Photo(picture(1, np.uint8)))
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_srgb_is_not_linear() -> None:
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert not is_linear(Photo(picture(3, np.uint8), icc))
    assert not is_linear(Photo(picture(3, np.uint8)))


@pytest.fixture
def forbidden() -> Iterator[Callable[[Path, int], None]]:
    """``forbidden(path, mode)`` sets a mode and gives up root's rights, which are refused nothing, until the test is over."""
    root = os.geteuid() == 0

    def forbid(path: Path, mode: int) -> None:
        path.chmod(mode)
        if root:
            os.seteuid(65534)

    yield forbid
    if root:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can reach, with a photo in it; codecs are loaded by then."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        write_photo(folder / "photo.png", Photo(picture(3, np.uint16)))
        read_photo(folder / "photo.png")
        yield folder


def test_a_file_without_permission_gets_a_sentence(open_folder: Path, forbidden: Callable[[Path, int], None]) -> None:
    forbidden(open_folder / "photo.png", 0o000)
    with pytest.raises(HuefillError, match=r"photo.png' cannot be read: permission denied"):
        read_photo(open_folder / "photo.png")


def test_a_folder_without_permission_gets_a_sentence_before_any_work(open_folder: Path, forbidden: Callable[[Path, int], None]) -> None:
    check_writable(open_folder / "out.png")
    forbidden(open_folder, 0o555)
    with pytest.raises(HuefillError, match="no permission"):
        check_writable(open_folder / "out.png")
