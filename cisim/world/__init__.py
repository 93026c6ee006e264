"""What we are told: partners, network, events, and the scenario that holds them."""
