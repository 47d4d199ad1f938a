"""Colorization guided by local hints (Zhang et al. 2017): the published network and a compact width of it."""
