"""Streets from OpenStreetMap: a graph in arrays, and the shortest ways on it."""
