"""The network elsewhere: in replicas, for which the page asks as for its own."""
