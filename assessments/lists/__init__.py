"""The lists of units, evidence and actions: searched, sorted, in pages, and as a spreadsheet (see `centres.lists`)."""
