"""Selling: orders, deliveries, invoices, credit notes. Values in, entries out."""
