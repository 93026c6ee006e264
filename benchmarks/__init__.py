"""Speed and memory of cisim, measured: `python -m benchmarks`."""
