"""CIE L*a*b* (D65, 2 degrees) of sRGB, on tensors: what all colorization networks compute in."""

from __future__ import annotations

import torch
from torch import Tensor

# IEC 61966-2-1, as the published networks' tools use it, and its white.
_TO_XYZ = ((0.412453, 0.357580, 0.180423), (0.212671, 0.715160, 0.072169), (0.019334, 0.119193, 0.950227))
_WHITE = (0.95047, 1.0, 1.08883)
# Numbers, not an inversion in the network: ONNX has none.
_FROM_XYZ = torch.linalg.inv(torch.tensor(_TO_XYZ, dtype=torch.float64)).tolist()
# Of encoded values: the monochrome that inpainting works on (Wang et al. 2021, section 3.1).
GRAY = (0.30, 0.59, 0.11)


def rgb_to_lab(rgb: Tensor) -> Tensor:
    """N 3 H W sRGB in [0, 1] to N 3 H W: L in [0, 100], a and b in about [-110, 110]."""
    linear = torch.where(rgb <= 0.04045, rgb / 12.92, ((rgb.clamp_min(0.04045) + 0.055) / 1.055) ** 2.4)
    to_xyz = torch.tensor(_TO_XYZ, dtype=rgb.dtype, device=rgb.device) / torch.tensor(_WHITE, dtype=rgb.dtype, device=rgb.device)[:, None]
    xyz = torch.einsum("ij,njhw->nihw", to_xyz, linear)
    f = torch.where(xyz > 0.008856, xyz.clamp_min(0.008856) ** (1 / 3), 7.787 * xyz + 16 / 116)
    x, y, z = f.unbind(1)
    return torch.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], 1)


def lab_to_rgb(lab: Tensor) -> Tensor:
    """The inverse, not clipped: colors outside the sRGB gamut lie outside [0, 1]."""
    y = (lab[:, 0] + 16) / 116
    f = torch.stack([y + lab[:, 1] / 500, y, y - lab[:, 2] / 200], 1)
    white = torch.tensor(_WHITE, dtype=lab.dtype, device=lab.device)[:, None, None]
    xyz = torch.where(f > 0.2068966, f**3, (f - 16 / 116) / 7.787) * white
    from_xyz = torch.tensor(_FROM_XYZ, dtype=lab.dtype, device=lab.device)
    linear = torch.einsum("ij,njhw->nihw", from_xyz, xyz)
    return torch.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear.clamp_min(0.0031308) ** (1 / 2.4) - 0.055)
