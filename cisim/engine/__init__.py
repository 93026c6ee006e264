"""The only floor that moves time: random streams, the Mesa model, the compiled kernel, ensembles."""
