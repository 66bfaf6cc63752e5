"""peerplan: a plan for peer learning at one workplace unit."""

__version__ = "0.1.0"
