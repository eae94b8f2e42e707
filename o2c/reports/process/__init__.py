"""The process from order to cash as it happened: every entry as a step, and the steps by orders and invoices."""
