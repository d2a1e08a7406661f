"""Long lists: searched and filtered, sorted by named columns, in pages by key, and the same as a spreadsheet.

A list is two classes: its filters (django-filter), and its table with the orders in which it can be sorted
(`KeyedTable`, on django-tables2). `listed` in `page.py` makes the page, the CSV and the XLSX of them.
"""
