"""The nightly run: each tree's state, forecast, reasons, archive, and later the verification."""
