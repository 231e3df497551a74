"""What the province watches over all tenants: totals, unfiled approvals, findings (arts 23, 39, 42)."""
