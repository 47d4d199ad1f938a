"""The training harness that every network shares: data, masks, loop, checkpoints."""
