"""The health and social care forms (verifikasi komitmen kesehatan, kesejahteraan sosial): layouts of our own."""
