"""The printed forms: what stands on the paper (forms), how it becomes a PDF (pdf)."""
