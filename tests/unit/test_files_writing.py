"""A result keeps what its photo said of itself, is refused before the work where it cannot be stored, and is there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import ExifTags, Image

from huefill.errors import HuefillError
from huefill.files import Photo, check_storable, check_writable, read_photo, write_photo, write_photos
from tests.pictures import picture

Base, Ifd = ExifTags.Base, ExifTags.IFD


def told_of_itself(path: Path) -> None:
    """A JPEG as a camera writes it, lying on its side."""
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Copyright], exif[Base.Orientation] = "Kamera", "Jane Doe", 6
    exif.get_ifd(Ifd.Exif).update({Base.DateTimeOriginal: "1999:01:02 03:04:05", Base.ExposureTime: 0.01, Base.ExifImageWidth: 34})
    exif.get_ifd(Ifd.GPSInfo).update({1: "N", 2: (48.0, 8.0, 0.0)})
    Image.fromarray(picture(3, np.uint8)).save(path, exif=exif, dpi=(300, 300))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_exif_and_resolution_are_kept_in_every_format(tmp_path: Path, suffix: str, dtype: type) -> None:
    if dtype is np.uint16 and suffix in (".jpg", ".webp"):
        dtype = np.uint8
    told_of_itself(tmp_path / "camera.jpg")
    photo = read_photo(tmp_path / "camera.jpg")
    write_photo(tmp_path / f"out{suffix}", Photo(picture(3, dtype), metadata=photo.metadata))
    again = read_photo(tmp_path / f"out{suffix}")
    assert np.array_equal(again.pixels, picture(3, dtype)) or suffix == ".jpg"
    exif = Image.Exif()
    exif.load(again.metadata.exif)
    assert (exif[Base.Make], exif[Base.Copyright]) == ("Kamera", "Jane Doe")
    assert Base.Orientation not in exif  # the pixels are upright already
    details = exif.get_ifd(Ifd.Exif)
    assert details[Base.DateTimeOriginal] == "1999:01:02 03:04:05" and details[Base.ExposureTime] == pytest.approx(0.01)
    assert Base.ExifImageWidth not in details
    assert tuple(map(float, exif.get_ifd(Ifd.GPSInfo)[2])) == (48.0, 8.0, 0.0)
    if suffix != ".webp":  # there it is in the EXIF alone
        assert again.metadata.resolution == pytest.approx((300, 300), rel=0.001)


def test_resolution_in_a_webp_is_in_its_exif(tmp_path: Path) -> None:
    told_of_itself(tmp_path / "camera.jpg")
    write_photo(tmp_path / "out.webp", Photo(picture(3, np.uint8), metadata=read_photo(tmp_path / "camera.jpg").metadata))
    with Image.open(tmp_path / "out.webp") as image:
        assert float(image.getexif()[Base.XResolution]) == 300


def test_resolution_in_centimetres_is_read_in_inches(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "scan.tif", picture(3, np.uint16), photometric="rgb", resolution=(100, 100), resolutionunit="CENTIMETER")
    assert read_photo(tmp_path / "scan.tif").metadata.resolution == pytest.approx((254, 254))


@pytest.mark.parametrize(
    ("name", "shape", "code"),
    [("a.webp", (10, 16384, 3), "too_long"), ("a.jpg", (65536, 10, 3), "too_long"), ("a.jpeg", (10, 65501, 3), "too_long")],
)
def test_a_side_that_the_format_cannot_say_is_refused_before_the_work(name: str, shape: tuple[int, ...], code: str) -> None:
    with pytest.raises(HuefillError, match="pixels cannot be stored") as caught:
        check_storable(Path(name), shape, np.dtype(np.uint8))
    assert caught.value.code == code
    check_storable(Path("a.png"), shape, np.dtype(np.uint8))


@pytest.mark.parametrize("length", [246, 250, 255])
def test_the_longest_names_can_be_written(tmp_path: Path, length: int) -> None:
    name = "ä" * ((length - 4) // 2)
    path = tmp_path / f"{name}{'x' * (length - 4 - len(name.encode()))}.png"
    assert len(path.name.encode()) == length
    check_writable(path)
    write_photo(path, Photo(picture(3, np.uint8)))
    assert path.is_file() and len(list(tmp_path.iterdir())) == 1


def test_a_name_that_is_too_long_is_a_sentence_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(HuefillError, match="too long"):
        check_writable(tmp_path / f"{'x' * 252}.png")


def test_a_file_that_is_replaced_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "private.png"
    write_photo(path, Photo(picture(3, np.uint8)))
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()
    path.chmod(0o600)
    write_photo(path, Photo(picture(1, np.uint8)))
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_photo(path).pixels.shape[2] == 1


def test_a_link_stays_a_link_to_the_new_picture(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link.png").symlink_to(tmp_path / "there" / "real.png")
    write_photo(tmp_path / "link.png", Photo(picture(3, np.uint8)))
    assert (tmp_path / "link.png").is_symlink() and (tmp_path / "there" / "real.png").is_file()


def test_of_two_files_none_is_put_in_place_when_one_cannot_be_made(tmp_path: Path) -> None:
    write_photo(tmp_path / "one.png", Photo(picture(3, np.uint8)))
    before = (tmp_path / "one.png").read_bytes()
    with pytest.raises(HuefillError):
        write_photos([(tmp_path / "one.png", Photo(picture(1, np.uint8))), (tmp_path / "two.jpg", Photo(picture(4, np.uint8)))])
    assert (tmp_path / "one.png").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["one.png"]


def test_a_full_disk_at_the_second_file_leaves_no_parts_and_says_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, calls = os.replace, []

    def once(*paths: str) -> None:
        calls.append(paths)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        replace(*paths)

    monkeypatch.setattr("huefill.files.write.os.replace", once)
    written: list[Path] = []
    both = [(tmp_path / "one.png", Photo(picture(3, np.uint8))), (tmp_path / "two.png", Photo(picture(3, np.uint8)))]
    with pytest.raises(HuefillError, match=r"two.png' cannot be written: no space left.*one.png' was written"):
        write_photos(both, written)
    assert written == [tmp_path / "one.png"]
    assert [path.name for path in tmp_path.iterdir()] == ["one.png"]


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask
