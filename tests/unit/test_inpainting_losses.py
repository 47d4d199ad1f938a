"""What an inpainting network is told: each loss is 0 for the truth, grows with the fault it is there for, and reaches the picture."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from huefill_models.encoders.efficientnet_lite import EfficientNetLite
from huefill_models.inpainting import recipe as recipes
from huefill_models.inpainting.adversary import Adversary
from huefill_models.inpainting.encoder_losses import USED, EncoderLosses, id_mrf, style
from huefill_models.inpainting.losses import focal_frequency, gradient_l1, masked_l1

Loss = Callable[[Tensor, Tensor, Tensor], Tensor]


def picture(seed: int = 0, channels: int = 1) -> Tensor:
    """Grain on a soft ground, N C 64 64 in [-1, 1]."""
    random = torch.Generator().manual_seed(seed)
    ground = F.interpolate(torch.randn(2, channels, 4, 4, generator=random), size=(64, 64), mode="bicubic")
    return (0.4 * ground + 0.2 * torch.randn(2, channels, 64, 64, generator=random)).clamp(-1, 1)


def hole() -> Tensor:
    hole = torch.zeros(2, 1, 64, 64)
    hole[:, :, 16:48, 16:48] = 1
    return hole


def completed(fill: Tensor, truth: Tensor) -> Tensor:
    return fill * hole() + truth * (1 - hole())


def blurred(image: Tensor) -> Tensor:
    return F.avg_pool2d(F.pad(image, (4, 4, 4, 4), mode="reflect"), 9, stride=1)


@functools.cache
def encoder() -> EfficientNetLite:
    torch.manual_seed(0)
    return EfficientNetLite("lite0")


def encoder_loss(name: str) -> Loss:
    return lambda made, truth, where: EncoderLosses(encoder(), {name: 1.0})(made, truth, where)[name]


LOSSES: dict[str, Loss] = {"l1": masked_l1, "gradient": gradient_l1, "frequency": focal_frequency} | {
    name: encoder_loss(name) for name in USED
}


@pytest.mark.parametrize("name", sorted(LOSSES))
@pytest.mark.parametrize("channels", [1, 3])
def test_a_loss_is_least_for_the_truth_and_sees_a_blurred_and_a_wrong_fill(name: str, channels: int) -> None:
    truth = picture(0, channels)
    fills = [truth, blurred(truth), picture(1, channels)]
    values = [float(LOSSES[name](completed(fill, truth), truth, hole())) for fill in fills]
    assert values[0] < min(values[1:]) and values[0] == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_a_loss_tells_pixels_in_the_hole_where_to_go(name: str) -> None:
    truth = picture()
    fill = blurred(truth).requires_grad_()
    LOSSES[name](completed(fill, truth), truth, hole()).backward()
    assert fill.grad is not None
    assert fill.grad[hole() == 1].abs().sum() > 0 and fill.grad[hole() == 0].abs().sum() == 0


def test_the_gradient_loss_minds_lost_grain_more_than_a_shift_of_brightness() -> None:
    truth = picture()
    lost, shifted = completed(blurred(truth), truth), truth + 0.15 * hole()
    assert masked_l1(lost, truth, hole()) == pytest.approx(float(masked_l1(shifted, truth, hole())), rel=0.35)
    assert gradient_l1(lost, truth, hole()) > 4 * gradient_l1(shifted, truth, hole())


def test_style_minds_what_is_there_and_not_where() -> None:
    features = F.normalize(torch.randn(1, 6, 8, 8, generator=torch.Generator().manual_seed(0)), dim=1)
    moved = features.roll((3, 2), dims=(2, 3))
    assert style([moved], [features]) == pytest.approx(0, abs=1e-5)
    assert style([features.roll(1, dims=1)], [features]) > 0.1


def test_id_mrf_wants_every_true_place_to_be_found() -> None:
    random = torch.Generator().manual_seed(0)
    true = F.normalize(torch.randn(1, 6, 8, 8, generator=random), dim=1)
    one_thing_only = true[:, :, :1, :1].expand_as(true) + 1e-3 * torch.randn(true.shape, generator=random)
    shuffled = true.flatten(2)[:, :, torch.randperm(64, generator=random)].view_as(true)
    assert id_mrf([true], [true]) == pytest.approx(float(id_mrf([shuffled], [true])), abs=1e-4)
    assert id_mrf([F.normalize(one_thing_only, dim=1)], [true]) > 4 * id_mrf([true], [true]) + 0.5


def test_the_encoder_is_never_trained() -> None:
    losses = EncoderLosses(EfficientNetLite("lite0"), {"perceptual": 1.0}).train()
    before = {name: value.clone() for name, value in losses.encoder.state_dict().items()}
    losses(picture().requires_grad_(), picture(1), hole())["perceptual"].backward()
    assert all(parameter.grad is None for parameter in losses.parameters())
    assert all(torch.equal(before[name], value) for name, value in losses.encoder.state_dict().items())


def test_the_critic_learns_to_tell_the_truth_from_a_blur_and_tells_it_on() -> None:
    torch.manual_seed(0)
    adversary, truth = Adversary(1, 8, 2e-3), picture()
    fill = completed(blurred(truth), truth)
    told = [float(adversary.learn(fill, truth, hole(), 2e-3).detach()) for _ in range(25)]
    assert told[-1] < 0.8 * told[0]
    losses = adversary.losses(fill, truth, hole(), adversarial=1.0, matching=1.0)
    same = adversary.losses(truth, truth, hole(), adversarial=1.0, matching=1.0)
    assert losses["adversarial"] > same["adversarial"] and losses["matching"] > same["matching"] == 0


def recipe(**arguments: object) -> recipes.Inpainting:
    small = {"width": 8, "critic_width": 8, "size": 64, "late_size": 64}
    return recipes.Inpainting("deepfill", **{**small, **arguments})


def test_each_part_of_the_training_begins_at_its_share_of_the_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipes, "published", lambda name: encoder())
    made = recipe(style=0.01, id_mrf=0.01, matching=0.1)
    batch = ((picture(channels=3) * 127 + 128).to(torch.uint8), hole().to(torch.uint8))
    early, middle, late = (set(made.step(batch, progress)) for progress in (0.0, 0.3, 0.7))
    assert early == {"l1", "known", "stages", "gradient", "frequency", "norm"}
    assert middle - early == {"perceptual", "style", "id_mrf"} and middle > early
    assert late - middle == {"adversarial", "matching", "critic"} and late > middle


def test_a_backbone_adds_losses_of_its_own() -> None:
    made = recipe(perceptual=0.0)
    forward = made.generator.forward
    made.generator.learn = lambda x, where, truth: (forward(x, where), {"edges": (truth * 0).sum() + 2.5})  # type: ignore[assignment]
    batch = ((picture(channels=3) * 127 + 128).to(torch.uint8), hole().to(torch.uint8))
    assert made.step(batch, 0.0)["edges"] == 2.5


def test_a_fill_is_learned() -> None:
    torch.manual_seed(0)
    made = recipe(perceptual=0.0, rate=3e-3, adversarial=0.0)
    batch = ((picture(channels=3) * 127 + 128).to(torch.uint8), hole().to(torch.uint8))
    losses = [made.step(batch, 0.02)["l1"] for _ in range(30)]
    assert losses[-1] < 0.6 * losses[0]
