"""Appeals, complaints and malpractice: raising them, the steps of their procedures, and the lists of them."""
