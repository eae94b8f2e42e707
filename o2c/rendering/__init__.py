"""Documents as customers receive them: the data of electronic invoices."""
