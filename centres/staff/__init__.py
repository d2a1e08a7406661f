"""Being qualified: which awards staff hold or work towards, what they are competent in and how they keep up."""
