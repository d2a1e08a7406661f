"""Assessment plans and reviews: what is assessed how, when and where; what was found and agreed; the centre's forms."""
