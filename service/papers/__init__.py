"""What leaves the system on paper: receipts and evidence as PDF that can be verified, drafts as docx (arts 23, 42)."""
