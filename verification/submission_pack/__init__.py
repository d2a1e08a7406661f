"""The submission pack: a portfolio as one ZIP, with its evidence, papers, record and a program that checks them."""
