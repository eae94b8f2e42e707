"""Pages of receivables in Fava. They show; they compute nothing of their own and write nothing.

To have them, put this line into main.beancount:

    2026-01-01 custom "fava-extension" "fava_o2c"

Fava makes a page of every extension that it finds here, in the order of these names.
"""

from __future__ import annotations

from fava_o2c.extension import O2CCash as Page5Cash
from fava_o2c.extension import O2CClose as Page7Close
from fava_o2c.extension import O2CCredit as Page6Credit
from fava_o2c.extension import O2CCustomers as Page2Customers
from fava_o2c.extension import O2CDocuments as Page3Documents
from fava_o2c.extension import O2CMeasures as Page9Measures
from fava_o2c.extension import O2COrders as Page4Orders
from fava_o2c.extension import O2CReceivables as Page1Receivables
from fava_o2c.extension import O2CReports as PageAReports
from fava_o2c.extension import O2CTrail as Page8Trail

__all__ = [
    "Page1Receivables",
    "Page2Customers",
    "Page3Documents",
    "Page4Orders",
    "Page5Cash",
    "Page6Credit",
    "Page7Close",
    "Page8Trail",
    "Page9Measures",
    "PageAReports",
]
