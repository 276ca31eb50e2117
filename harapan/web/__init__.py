"""Pages by the reader's errand: views, forms, addresses and templates together. No rules and no writing here."""
