"""A phone network in one process that stands in for Twilio: for tests, for the demo, for load.

It is to be judged by Twilio, not by what the bot happens to do, and imports nothing of the bot.
"""

import os

if os.environ.get("RINGBACK_PROFILE") == "production":
    raise ImportError("RINGBACK_PROFILE: the simulator rings invented phones, not in production")

from bot.simulator.carrier import Settings
from bot.simulator.control.client import Control
from bot.simulator.faults.orders import Fault, Faults
from bot.simulator.handsets.base import Handset, Ring
from bot.simulator.handsets.held import Held
from bot.simulator.handsets.lines import Busy, Fax, NoAnswer, Rejects, Unreachable
from bot.simulator.handsets.machine import FullMailbox, Machine
from bot.simulator.handsets.person import Person
from bot.simulator.handsets.relayed import Relayed
from bot.simulator.handsets.screened import Screened
from bot.simulator.handsets.script import Answers, HangUp, InOrder, Press, Says, Silent, Wait
from bot.simulator.happenings import Happening
from bot.simulator.network import Engaged, NotConnected, PhoneNetwork
from bot.simulator.records import Call, CarrierEvent, Exchange, Heard, Recording, Text, TextOutcome
from bot.simulator.rest.app import rest_app
from bot.simulator.rest.in_process import InProcessHttpClient
from bot.simulator.timing.clock import Clock, VirtualClock, WallClock
from bot.simulator.timing.running import NeverQuiet
from bot.simulator.transcript import Transcript
from bot.simulator.webhooks.delivery import HttpDelivery, WsgiDelivery
from bot.simulator.webhooks.request import DeliveryError, WebhookRequest, WebhookResponse, signature

__all__ = [
    "Answers",
    "Busy",
    "Call",
    "CarrierEvent",
    "Clock",
    "Control",
    "DeliveryError",
    "Engaged",
    "Exchange",
    "Fault",
    "Faults",
    "Fax",
    "FullMailbox",
    "Handset",
    "HangUp",
    "Happening",
    "Heard",
    "Held",
    "HttpDelivery",
    "InOrder",
    "InProcessHttpClient",
    "Machine",
    "NeverQuiet",
    "NoAnswer",
    "NotConnected",
    "Person",
    "PhoneNetwork",
    "Press",
    "Recording",
    "Rejects",
    "Relayed",
    "Ring",
    "Says",
    "Screened",
    "Settings",
    "Silent",
    "Text",
    "TextOutcome",
    "Transcript",
    "Unreachable",
    "VirtualClock",
    "Wait",
    "WallClock",
    "WebhookRequest",
    "WebhookResponse",
    "WsgiDelivery",
    "rest_app",
    "signature",
]
