"""A service that rings back, and the people who put it under load."""

import json

from twilio.rest import Client

from bot.simulator import InProcessHttpClient, PhoneNetwork, Settings, VirtualClock, rest_app
from bot.simulator.load.driver import Load
from bot.simulator.load.people import read_people
from bot.simulator.load.report import Stopwatch, report_on
from tests.simulator.scene import BASE, DESK, SID, TOKEN, TUESDAY_AT_TEN, Service

MENU = '<Gather numDigits="1" action="/menu"><Say>Key your number</Say></Gather><Hangup/>'
KINDS = [
    {"name": "texts, passes", "begins": "text", "handset": {"script": [{"answers": "right"}]}},
    {"name": "texts, fails", "begins": "text", "handset": {"script": [{"answers": "wrong"}]}},
    {"name": "voicemail", "begins": "text", "handset": {"kind": "machine", "greeting_seconds": 0}},
    {"name": "busy", "begins": "text", "handset": {"kind": "busy"}},
    {"name": "no answer", "begins": "text", "handset": {"kind": "no-answer"}},
    {"name": "unreachable", "begins": "text", "handset": {"kind": "unreachable"}},
    {"name": "rings", "begins": "call", "handset": {"script": [{"press": "{pin}", "when": "key"}]}},
    {"name": "hangs up", "begins": "call", "handset": {"script": [{"hang_up": True}]}},
]


def people_file(folder, **others):
    """A file of twenty people of all kinds; Alice's own number is 1, like everybody's."""
    customers = [
        {"name": f"Alice {n}", "number": f"+4477009000{n:02d}", "facts": {"pin": "1"}}
        for n in range(20)
    ]
    given = {
        "number": DESK,
        "voice_url": "/call/received",
        "sms_url": "/text/received",
        "verified_when": "you are through",
        "apology": "application error",
        "answers": {"right": {"your number": "1"}, "wrong": {"your number": "2"}},
        "customers": customers,
        "kinds": KINDS,
    }
    path = folder / "people.json"
    path.write_text(json.dumps(given | others))
    return path


class Run:
    """One load in virtual time, from beginning to end."""

    def __init__(self, people, count=80, per_second=1.0, seed=1, keep=None, **answers):
        self.service = Service()
        settled, quick = VirtualClock(TUESDAY_AT_TEN), Settings(calls_per_second=50)
        self.network = PhoneNetwork(SID, TOKEN, settled, self.service, settings=quick)
        self.network.own(DESK, f"{BASE}/call/received", f"{BASE}/text/received")
        client = Client(SID, TOKEN, http_client=InProcessHttpClient(rest_app(self.network)))

        def rings_back(request):
            to = request.value("From")
            client.calls.create(to=to, from_=DESK, url=f"{BASE}/call/received", timeout=20)
            return ""

        def menu(request):
            right = request.value("Digits") == "1"
            return "<Say>You are through</Say>" if right else "<Say>Goodbye</Say>"

        self.service.answer("/text/received", answers.get("text", rings_back))
        self.service.answer("/call/received", answers.get("call", MENU))
        self.service.answer("/menu", answers.get("menu", menu))
        watch = Stopwatch.start(self.network.clock.now())
        load = Load(self.network, read_people(people), count, per_second, seed, keep)
        load.begin()
        self.network.run_until_quiet(limit_seconds=2 * 24 * 3600)
        self.load, self.report = load, report_on(load, watch, self.network.clock.now())
