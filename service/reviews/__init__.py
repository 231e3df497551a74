"""Appraisal, experts, joint review, leading group, approval, budget (arts 9, 18-21)."""
