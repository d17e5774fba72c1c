"""Speed and size, as ratios within one run: machines differ, ratios stay."""
