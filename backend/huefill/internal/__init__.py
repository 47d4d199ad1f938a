"""The internal colorizer: a small network trained on one image that gives a hole its colours (Wang et al. 2021, section 3.3)."""
