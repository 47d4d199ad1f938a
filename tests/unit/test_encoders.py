"""The pretrained encoders: they name what photographs show, and their features are what the published network computes."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image, ImageFilter
from torch import Tensor

from huefill_models.encoders import efficientnet_lite
from huefill_models.encoders.efficientnet_lite import STRIDES, VARIANTS, EfficientNetLite, published, renamed, widths
from huefill_models.encoders.perceptual import PerceptualDistance

ROOT = Path(__file__).parents[2]
HELD_BACK = ROOT.parent / "shared" / "data" / "test" / "imagenet_sample"
PARROTS, MACAW = ROOT / "examples" / "photos" / "parrots.png", 88
# ImageNet's number of what each photograph shows.
SHOWN = {
    "n01644900_tailed_frog": 32,
    "n01695060_Komodo_dragon": 48,
    "n01768244_trilobite": 69,
    "n01817953_African_grey": 87,
    "n01828970_bee_eater": 92,
    "n02088094_Afghan_hound": 160,
    "n02110341_dalmatian": 251,
    "n02129604_tiger": 292,
    "n02607072_anemone_fish": 393,
}


@functools.cache
def trained(variant: str) -> EfficientNetLite:
    try:
        return published(variant)
    except ModuleNotFoundError as missing:
        pytest.skip(str(missing))


def photograph(path: Path, side: int, *, gray: bool = False) -> Tensor:
    """1 3 side side in [0, 1], the whole photo squeezed."""
    if not path.exists():
        pytest.skip(f"no photograph {path}")
    image = Image.open(path).convert("L" if gray else "RGB").convert("RGB").resize((side, side), Image.Resampling.BICUBIC)
    return torch.from_numpy(np.asarray(image).transpose(2, 0, 1)[None].astype(np.float32) / 255)


def straightforward(state: dict[str, Tensor], rgb: Tensor) -> dict[int, Tensor]:
    """The features by block, computed from the package's own names alone: padded by hand, norms written out, shapes read off."""

    def norm(x: Tensor, name: str) -> Tensor:
        mean, variance, weight, bias = (
            state[f"{name}.{part}"][None, :, None, None] for part in ("running_mean", "running_var", "weight", "bias")
        )
        return (x - mean) / (variance + 1e-3).sqrt() * weight + bias

    def convolve(x: Tensor, name: str, stride: int) -> Tensor:
        weight = state[f"{name}.weight"]
        kernel = weight.shape[-1]
        before_and_after = []
        for size in (x.shape[-1], x.shape[-2]):
            total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            before_and_after += [total // 2, total - total // 2]
        return F.conv2d(F.pad(x, before_and_after), weight, stride=stride, groups=x.shape[1] if weight.shape[1] == 1 else 1)

    x = norm(convolve((rgb * 255 - 127) / 128, "_conv_stem", 2), "_bn0").clamp(0, 6)
    seen: dict[int, Tensor] = {}
    strides = {24: 2, 40: 2, 48: 2, 80: 2, 88: 2, 192: 2, 208: 2}
    for number in range(1 + max(int(match[1]) for name in state if (match := re.match(r"_blocks\.(\d+)\.", name)))):
        part = f"_blocks.{number}."
        before, width = x, state[part + "_project_conv.weight"].shape[0]
        # A stage that halves the picture is known by its first block, the one that changes the width.
        stride = strides.get(width, 1) if width != before.shape[1] else 1
        if part + "_expand_conv.weight" in state:
            x = norm(convolve(x, part + "_expand_conv", 1), part + "_bn0").clamp(0, 6)
        x = norm(convolve(x, part + "_depthwise_conv", stride), part + "_bn1").clamp(0, 6)
        x = norm(convolve(x, part + "_project_conv", 1), part + "_bn2")
        if x.shape == before.shape:
            x = x + before
        seen[number] = x
    return seen


@pytest.mark.parametrize("gray", [False, True], ids=["colored", "gray"])
@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_macaws_are_named_in_color_and_in_gray(variant: str, gray: bool) -> None:
    with torch.no_grad():
        assert int(trained(variant).classify(photograph(PARROTS, VARIANTS[variant].side, gray=gray)).argmax()) == MACAW


@pytest.mark.parity
@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_a_package_s_weights_name_what_photographs_show(variant: str) -> None:
    network = trained(variant)
    with torch.no_grad():
        named = {name: int(network.classify(photograph(HELD_BACK / f"{name}.jpg", VARIANTS[variant].side)).argmax()) for name in SHOWN}
    assert named == SHOWN


@pytest.mark.parity
def test_gray_photographs_are_named_about_as_well() -> None:
    network = trained("lite0")
    with torch.no_grad():
        named = [
            int(network.classify(photograph(HELD_BACK / f"{name}.jpg", 224, gray=True)).argmax()) == shown for name, shown in SHOWN.items()
        ]
    assert sum(named) >= len(SHOWN) - 1


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_features_are_what_the_package_s_weights_give_by_a_straightforward_computation(variant: str) -> None:
    network = trained(variant)
    state = torch.load(efficientnet_lite.published_file(variant), weights_only=True)
    for height, width in ((64, 96), (75, 101)):
        rgb = torch.rand(2, 3, height, width, generator=torch.Generator().manual_seed(height))
        with torch.no_grad():
            features = network(rgb)
            expected = straightforward(state, rgb)
        for feature, block in zip(features, network.tapped, strict=True):
            torch.testing.assert_close(feature, expected[block], rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_features_cover_the_picture_at_strides_2_to_32(variant: str) -> None:
    network = EfficientNetLite(variant).eval()
    with torch.no_grad():
        features = network(torch.rand(1, 3, 70, 96))
        evidence = network.evidence(features)
    assert [tuple(f.shape) for f in features] == [(1, w, -(-70 // s), 96 // s) for w, s in zip(widths(variant), STRIDES, strict=True)]
    assert evidence.shape == (1, 1280, 3, 3)


def test_the_widths_are_the_published_ones() -> None:
    assert widths("lite0") == widths("lite1") == (16, 24, 40, 112, 320)
    assert widths("lite2") == (16, 24, 48, 120, 352)


def test_weights_of_something_else_are_refused() -> None:
    with pytest.raises(KeyError):
        renamed({"features.conv.weight": torch.zeros(1)})


def test_the_distance_of_a_picture_from_itself_is_0_and_grows_with_blur_and_with_what_color_is_lost() -> None:
    distance = PerceptualDistance(trained("lite0"))
    photo = photograph(PARROTS, 224)

    def blurred(radius: float) -> Tensor:
        image = Image.fromarray((255 * photo[0].permute(1, 2, 0)).byte().numpy()).filter(ImageFilter.GaussianBlur(radius))
        return torch.from_numpy(np.asarray(image).transpose(2, 0, 1)[None].astype(np.float32) / 255)

    gray = photo.mean(1, keepdim=True).expand_as(photo)
    for others in ([blurred(radius) for radius in (1, 3, 8)], [photo.lerp(gray, share) for share in (0.3, 0.6, 1.0)]):
        values = [float(distance(photo, other)) for other in (photo, *others)]
        assert values[0] == 0 and values[1] > 0.01
        assert values == sorted(values)


def test_the_distance_s_gradient_reaches_the_picture_and_never_the_encoder() -> None:
    distance = PerceptualDistance(EfficientNetLite("lite0"), strides=(4, 8)).train()
    former = {name: value.clone() for name, value in distance.encoder.state_dict().items()}
    picture = torch.rand(2, 3, 64, 64, requires_grad=True)
    result = distance(picture, torch.rand(2, 3, 64, 64))
    assert result.shape == (2,)
    result.sum().backward()
    assert picture.grad is not None and float(picture.grad.abs().sum()) > 0
    assert all(parameter.grad is None for parameter in distance.encoder.parameters())
    assert all(torch.equal(value, former[name]) for name, value in distance.encoder.state_dict().items())


def test_the_distance_refuses_strides_that_do_not_exist() -> None:
    with pytest.raises(ValueError, match="strides must be some of"):
        PerceptualDistance(EfficientNetLite("lite0"), strides=(4, 64))


def test_the_distance_in_a_place_sees_what_is_wrong_there_and_little_of_what_is_wrong_elsewhere() -> None:
    torch.manual_seed(0)
    distance, picture = PerceptualDistance(EfficientNetLite("lite0"), strides=(2, 4, 8)), torch.rand(2, 3, 64, 64)
    wrong, here, there = picture.clone(), torch.zeros(2, 1, 64, 64), torch.zeros(2, 1, 64, 64)
    wrong[:, :, :16, :16], here[:, :, :16, :16], there[:, :, 48:, 48:] = 0.5, 1, 1
    with torch.no_grad():
        inside, outside, whole = (distance(picture, wrong, where) for where in (here, there, None))
        assert torch.allclose(distance(picture, wrong, torch.ones(2, 1, 64, 64)), whole, atol=1e-6)
    assert (inside > 3 * whole).all() and (outside < 0.2 * whole).all()


@pytest.mark.parametrize("deepest", [4, 16])
def test_features_can_be_had_without_what_lies_deeper(deepest: int) -> None:
    torch.manual_seed(0)
    encoder, picture = EfficientNetLite("lite0").eval(), torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        few, every = encoder(picture, deepest=deepest), encoder(picture)
    assert len(few) == STRIDES.index(deepest) + 1
    assert all(torch.equal(one, other) for one, other in zip(few, every, strict=False))
