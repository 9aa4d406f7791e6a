"""How alerts leave the house: webhooks and e-mail, each within a bounded time."""

from bot.delivery.courier import RealCourier

__all__ = ["RealCourier"]
