"""How good the learned part is: sites left out, baselines, the gate, the card."""
