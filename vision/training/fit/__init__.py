"""Training itself: pictures to windows, a loop that resumes, weights to ONNX."""
