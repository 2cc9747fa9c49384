"""What truck and evaluation share: letterbox, decode, detect, mask, measure."""
