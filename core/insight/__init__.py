"""What decisions and verdicts say together: agreement, calibration, sampling."""
