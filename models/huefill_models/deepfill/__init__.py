"""Gated convolutions with contextual attention (Yu et al. 2019)."""
