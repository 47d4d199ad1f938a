"""What photographers and scanners write is read right or refused in a sentence; nothing else is opened at all."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from huefill.errors import HuefillError
from huefill.files import Photo, read_mask, read_photo, write_photo
from tests.pictures import gray_profile, picture

RAMP = np.linspace(0, 1, 34, dtype=np.float64)[None, :].repeat(21, 0)


def refused(path: Path) -> HuefillError:
    with pytest.raises(HuefillError) as caught:
        read_photo(path)
    assert path.name in caught.value.message and "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("script.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n"),
        ("script.tif", b"\xc5\xd0\xd3\xc6" + struct.pack("<6I", 32, 60, 0, 0, 0, 0) + b"\xff\xff\0\0%!PS-Adobe-3.0 EPSF-3.0\n" + b" " * 40),
        ("layers.jpg", b"8BPS" + bytes(200)),
        ("drawing.bmp", b"\xd7\xcd\xc6\x9a" + bytes(200)),
        ("film.webp", b"GIF89a" + bytes(200)),
    ],
)
def test_a_file_of_another_kind_is_never_opened_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    for program in ("gs", "gswin64c", "gsc"):
        (tmp_path / program).write_text(f"#!/bin/sh\ntouch '{tmp_path}/started'\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / name).write_bytes(content)
    assert "not a picture of a kind" in refused(tmp_path / name).message
    assert not (tmp_path / "started").exists()


def corrupted(tmp_path: Path) -> dict[str, bytes]:
    """TIFF files that are broken each in its own way."""
    whole = io.BytesIO()
    tifffile.imwrite(whole, picture(3, np.uint16), photometric="rgb", compression="zlib")
    with tifffile.TiffFile(io.BytesIO(whole.getvalue())) as file:
        tags = file.pages.first.tags
        place = {name: (tags[name].offset, tags[name].valueoffset) for name in ("StripOffsets", "ImageLength", "BitsPerSample")}
        strip = file.pages.first.dataoffsets[0]

    def changed(at: int, data: bytes) -> bytes:
        return whole.getvalue()[:at] + data + whole.getvalue()[at + len(data) :]

    return {
        "strip": changed(strip + 20, b"\xff" * 40),
        "beyond": changed(place["StripOffsets"][1], b"\xf0\xff\xff\x0f"),
        "flat": changed(place["ImageLength"][1], b"\0\0\0\0"),
        "type": changed(place["BitsPerSample"][0] + 2, b"\x63\0"),
        "bits": changed(place["BitsPerSample"][0] + 4, b"\0\0\0\0"),
        "cut": whole.getvalue()[: len(whole.getvalue()) // 2],
        "head": whole.getvalue()[:9],
        "loop": changed(4, b"\4\0\0\0"),
    }


@pytest.mark.parametrize("fault", ["strip", "beyond", "flat", "type", "bits", "cut", "head", "loop"])
def test_a_damaged_tiff_is_a_sentence_and_no_traceback(tmp_path: Path, fault: str) -> None:
    (tmp_path / "bad.tif").write_bytes(corrupted(tmp_path)[fault])
    assert refused(tmp_path / "bad.tif").code == "unreadable_image"


def test_no_random_damage_to_a_picture_gets_past_the_sentence(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    for suffix, dtype in (
        (".tif", np.uint16),
        (".tif", np.uint8),
        (".png", np.uint16),
        (".png", np.uint8),
        (".jpg", np.uint8),
        (".webp", np.uint8),
    ):
        write_photo(tmp_path / f"whole{suffix}", Photo(picture(3, dtype)))
        whole = np.frombuffer((tmp_path / f"whole{suffix}").read_bytes(), np.uint8)
        for _ in range(40):
            harmed = whole.copy()
            places = random.integers(0, min(len(whole), 400), random.integers(1, 12))
            harmed[places] = random.integers(0, 256, len(places))
            (tmp_path / f"harmed{suffix}").write_bytes(harmed.tobytes())
            try:
                read_photo(tmp_path / f"harmed{suffix}")
            except HuefillError as error:
                assert error.message  # anything else fails the test


def test_whole_numbers_of_32_bits_are_scaled_and_not_clipped(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "deep.tif", np.asarray(RAMP * (2**32 - 1), np.uint32), photometric="minisblack")
    pixels = read_photo(tmp_path / "deep.tif").pixels
    assert pixels.dtype == np.float32 and np.abs(pixels[..., 0] - RAMP).max() < 1e-6


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.uint64])
def test_numbers_without_a_known_white_are_refused_and_not_clipped(tmp_path: Path, dtype: type) -> None:
    tifffile.imwrite(tmp_path / "odd.tif", np.asarray(RAMP * 30000, dtype), photometric="minisblack")
    assert "numbers" in refused(tmp_path / "odd.tif").message


def test_a_gray_png_of_16_bits_keeps_its_values(tmp_path: Path) -> None:
    values = np.asarray(RAMP * 65535, np.uint16)
    Image.fromarray(values).save(tmp_path / "gray.png")
    assert np.array_equal(read_photo(tmp_path / "gray.png").pixels[..., 0], values)


def test_gray_where_white_is_zero_is_turned_round(tmp_path: Path) -> None:
    values = np.asarray(RAMP * 65535, np.uint16)
    tifffile.imwrite(tmp_path / "fax.tif", values, photometric="miniswhite", compression="zlib")
    assert np.array_equal(read_photo(tmp_path / "fax.tif").pixels[..., 0], 65535 - values)


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_premultiplied_colors_are_divided_by_their_alpha(tmp_path: Path, dtype: type) -> None:
    straight = picture(4, dtype)
    full = 1.0 if dtype is np.float32 else 65535.0
    straight[..., 3] = np.maximum(straight[..., 3], dtype(full / 4))
    straight[3, 4] = 0
    colors = straight[..., :3] * (straight[..., 3:] / full)
    stored = np.dstack([np.rint(colors) if dtype is np.uint16 else colors, straight[..., 3]]).astype(dtype)
    tifffile.imwrite(tmp_path / "pre.tif", stored, photometric="rgb", extrasamples=["assocalpha"])
    pixels = read_photo(tmp_path / "pre.tif").pixels
    assert np.array_equal(pixels[..., 3], straight[..., 3])
    assert np.abs(pixels.astype(np.float64) - straight).max() <= (2.01 if dtype is np.uint16 else 1e-5)


def test_a_channel_that_is_no_alpha_is_left_out(tmp_path: Path) -> None:
    values = picture(4, np.uint16)
    tifffile.imwrite(tmp_path / "infrared.tif", values, photometric="rgb", extrasamples=["unspecified"])
    assert np.array_equal(read_photo(tmp_path / "infrared.tif").pixels, values[..., :3])
    tifffile.imwrite(tmp_path / "infrared.tif", values.astype(np.uint8), photometric="rgb", extrasamples=["unspecified"])
    assert np.array_equal(read_photo(tmp_path / "infrared.tif").pixels, values[..., :3].astype(np.uint8))


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize(
    ("dtype", "compression", "predictor"), [(np.uint16, 5, 2), (np.uint16, 5, 1), (np.float32, 5, 3), (np.float32, 8, 3)]
)
def test_lzw_and_the_floating_predictor_are_read(tmp_path: Path, channels: int, dtype: type, compression: int, predictor: int) -> None:
    values = picture(channels, dtype)
    swapped = values[..., 0] if channels == 1 else values[..., [2, 1, 0, 3][:channels]]
    options = [cv2.IMWRITE_TIFF_COMPRESSION, compression, cv2.IMWRITE_TIFF_PREDICTOR, predictor]
    done, data = cv2.imencode(".tif", np.ascontiguousarray(swapped), options)
    assert done
    (tmp_path / "packed.tif").write_bytes(data.tobytes())
    with tifffile.TiffFile(tmp_path / "packed.tif") as file:
        assert (file.pages.first.compression, file.pages.first.predictor) == (compression, predictor)
    assert np.array_equal(read_photo(tmp_path / "packed.tif").pixels, values)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("way", ["common", "deep", "lzw"])
def test_a_turned_tiff_is_read_upright_whoever_unpacks_it(tmp_path: Path, way: str, orientation: int) -> None:
    values = picture(3, np.uint8 if way == "common" else np.uint16)
    if way == "lzw":
        data = bytearray(cv2.imencode(".tif", values[..., ::-1], [cv2.IMWRITE_TIFF_COMPRESSION, 5])[1].tobytes())
        with tifffile.TiffFile(io.BytesIO(bytes(data))) as file:
            tag = file.pages.first.tags["Orientation"] if "Orientation" in file.pages.first.tags else file.pages.first.tags["SampleFormat"]
        struct.pack_into("<HHIHH", data, tag.offset, 274, 3, 1, orientation, 0)
        (tmp_path / "turned.tif").write_bytes(bytes(data))
    else:
        tifffile.imwrite(tmp_path / "turned.tif", values, photometric="rgb", extratags=[(274, 3, 1, orientation, True)])
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(np.asarray(values, np.uint8)).save(tmp_path / "same.png", exif=exif)
    expected = read_photo(tmp_path / "same.png").pixels
    assert np.array_equal(read_photo(tmp_path / "turned.tif").pixels.astype(np.uint8), expected)


def test_a_cmyk_photo_becomes_rgb_without_the_profile_of_ink(tmp_path: Path) -> None:
    image = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    image.save(tmp_path / "plain.jpg", quality=97)
    image.save(tmp_path / "broken.jpg", quality=97, icc_profile=b"no profile at all")
    for name in ("plain.jpg", "broken.jpg"):
        photo = read_photo(tmp_path / name)
        assert photo.icc is None and photo.pixels.shape == (8, 8, 3)
        assert photo.pixels[4, 4, 0] > 200 and photo.pixels[4, 4, 1:].max() < 60


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
@pytest.mark.parametrize("profile", [b"x" * 200, b"", b"x" * 128 + b"\xff" * 400])
def test_a_damaged_profile_is_left_out_and_the_result_can_be_stored(tmp_path: Path, suffix: str, profile: bytes) -> None:
    Image.fromarray(picture(3, np.uint8)).save(tmp_path / f"photo{suffix}", icc_profile=profile)
    photo = read_photo(tmp_path / f"photo{suffix}")
    assert photo.icc is None
    assert not profile or photo.notes == ("Its color profile is damaged and was left out.",)
    for target in (".png", ".jpg", ".tif", ".webp"):
        write_photo(tmp_path / f"out{target}", Photo(photo.pixels, profile))
        assert read_photo(tmp_path / f"out{target}").pixels.shape == photo.pixels.shape
    write_photo(tmp_path / "deep.png", Photo(picture(3, np.uint16), profile))
    assert read_photo(tmp_path / "deep.png").icc is None


def test_a_profile_for_color_is_not_kept_for_gray(tmp_path: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    write_photo(tmp_path / "gray.png", Photo(picture(1, np.uint8), srgb))
    write_photo(tmp_path / "color.png", Photo(picture(3, np.uint8), gray_profile()))
    assert read_photo(tmp_path / "gray.png").icc is None and read_photo(tmp_path / "color.png").icc is None


def png_that_says(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
    )


def test_a_picture_that_is_too_large_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unpacked(*_: object) -> None:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", unpacked)
    (tmp_path / "huge.png").write_bytes(png_that_says(30_000, 30_000))
    assert "30000 x 30000" in refused(tmp_path / "huge.png").message
    monkeypatch.setattr("huefill.runtime.memory.available_memory", lambda: 600 << 20)
    (tmp_path / "large.png").write_bytes(png_that_says(10_000, 10_000))
    error = refused(tmp_path / "large.png")
    assert error.code == "memory" and "MB are free" in error.message


def test_a_deep_tiff_that_is_too_large_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tifffile.imwrite(tmp_path / "large.tif", np.zeros((1000, 1000, 3), np.uint16), photometric="rgb", compression="zlib")
    monkeypatch.setattr("tifffile.TiffPage.asarray", lambda *_, **__: pytest.fail("it was unpacked"))
    monkeypatch.setattr("huefill.runtime.memory.available_memory", lambda: 270 << 20)
    assert refused(tmp_path / "large.tif").code == "memory"


def test_a_strip_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zlib.compress(bytes(200 << 20), 9)
    tifffile.imwrite(tmp_path / "bomb.tif", np.zeros((16, 16, 3), np.uint16), photometric="rgb", compression="zlib")
    data = bytearray((tmp_path / "bomb.tif").read_bytes())
    with tifffile.TiffFile(io.BytesIO(bytes(data))) as file:
        tags = file.pages.first.tags
        struct.pack_into("<HI", data, tags["StripOffsets"].offset + 2, 4, 1)
        struct.pack_into("<I", data, tags["StripOffsets"].offset + 8, len(data))
        struct.pack_into("<HI", data, tags["StripByteCounts"].offset + 2, 4, 1)
        struct.pack_into("<I", data, tags["StripByteCounts"].offset + 8, len(bomb))
    (tmp_path / "bomb.tif").write_bytes(bytes(data) + bomb)
    monkeypatch.setattr("tifffile.TiffPage.asarray", lambda *_, **__: pytest.fail("it was unpacked"))
    assert "more data than its size" in refused(tmp_path / "bomb.tif").message


def test_a_device_is_not_read_for_ever() -> None:
    assert "device" in refused(Path("/dev/zero")).message


def test_a_jpeg_mask_has_no_noise_around_what_it_selects(tmp_path: Path) -> None:
    mask = np.zeros((64, 64), np.uint8)
    mask[19:45, 19:45] = 255
    Image.fromarray(mask).save(tmp_path / "m.jpg", quality=30)
    noisy = np.asarray(Image.open(tmp_path / "m.jpg"))
    assert ((noisy > 0) & (noisy < 128)).any()  # else this test shows nothing
    assert set(np.unique(read_mask(tmp_path / "m.jpg"))) == {0, 255}
    assert (read_mask(tmp_path / "m.jpg") != mask).mean() < 0.01


def test_a_mask_painted_in_black_on_nothing_is_read_by_its_alpha(tmp_path: Path) -> None:
    alpha = np.eye(8, dtype=np.uint8) * 255
    Image.fromarray(np.dstack([np.zeros((8, 8, 3), np.uint8), alpha])).save(tmp_path / "m.png")
    assert np.array_equal(read_mask(tmp_path / "m.png"), alpha)
    Image.fromarray(np.dstack([np.zeros((8, 8, 3), np.uint8), alpha * 0 + 255])).save(tmp_path / "none.png")
    assert not read_mask(tmp_path / "none.png").any()
