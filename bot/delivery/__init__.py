"""How alerts leave the house: webhooks and e-mail, each within a bounded time."""

from bot.delivery.courier import RealCourier
from bot.delivery.heads import RealHeadCourier

__all__ = ["RealCourier", "RealHeadCourier"]
