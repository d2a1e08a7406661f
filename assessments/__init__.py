"""What others say of a portfolio: judgements, signatures, the printed forms, and the pages where both sides meet."""
