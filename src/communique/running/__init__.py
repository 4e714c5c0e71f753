"""Many documents -> many records: one after the other, on all cores, or on a cluster."""
