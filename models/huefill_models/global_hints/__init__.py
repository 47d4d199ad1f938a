"""Colorization guided by a colour histogram and a saturation (Zhang et al. 2017, section 3.2, "global hints network")."""
