"""What the model must show before it is believed: patterns, calibration, forecasts, each against what is known."""
