"""Two machines side by side, and the workload on a small scale."""
