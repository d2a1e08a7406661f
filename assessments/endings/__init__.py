"""How a registration ends: what is pending, how it stands, and unit certificates for those who leave early."""
