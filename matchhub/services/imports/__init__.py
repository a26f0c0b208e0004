"""Recording what files say: one module per kind, one way of counting for all (CONTRACT.md, ``matchhub import``)."""
