"""What a city approved, reported to the province: number, receipt, supplements, questions (arts 23, 39)."""
