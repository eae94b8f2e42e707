"""Electronic invoices after EN 16931: made from a posted document, written as CII or UBL, verified.

`making.e_invoice` gives the invoice as values, `cii.write` and `ubl.write` the XML, `verifying.verify` what is wrong
with some XML, whoever wrote it.
"""
