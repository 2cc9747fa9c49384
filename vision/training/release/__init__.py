"""From a run to a released model: the proof that ONNX equals torch, and the card."""
