"""Endpoints of a project's money (arts 33-35, 38)."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.delivery import funding_deeds as money
from service.delivery.building_deeds import deed
from service.delivery.funding_schemas import FundingIn, PaymentIn, ReversalIn, SurplusIn
from service.measures.lifecycle import Action

ROUTES: list[HTTPRouteHandler] = [
    deed("funding", Action.SET_FUNDING, money.set_funding, body=FundingIn, summary="登记资金来源", act="set",
         resource="project.funding", tag="funding"),
    deed("payments", Action.RECORD_PAYMENT, money.record_payment, body=PaymentIn, summary="登记支付", act="pay",
         resource="project.funding", tag="funding"),
    deed("payment-reversals", Action.REVERSE_PAYMENT, money.reverse_payment, body=ReversalIn, summary="冲回支付",
         act="pay", resource="project.funding", tag="funding"),
    deed("return-surplus", Action.RETURN_SURPLUS, money.return_surplus, body=SurplusIn, summary="退回结余",
         act="pay", resource="project.funding", tag="funding"),
]  # fmt: skip
