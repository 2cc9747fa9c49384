"""What a model is worth: precision by road, false alarms, calibration, weather, other regions."""
