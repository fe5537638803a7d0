"""Speed measurements: ratios against peers, in one run."""
