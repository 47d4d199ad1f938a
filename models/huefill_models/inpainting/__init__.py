"""What every inpainting network shares: recipe, critic, export, evaluation."""
