"""What records resolve to: devices, their changes, and the calibrations they follow from."""
