"""Tables of delivery, joined for the metadata."""

from __future__ import annotations

from service.delivery import acceptance_models, maintenance_models, orders_models

__all__ = ["acceptance_models", "maintenance_models", "orders_models"]
