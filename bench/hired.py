"""Whole workers, each a process as `ringback work` is one, on one desk: callbacks a second.

A call ends as soon as it is placed: a thread of the worker's process hands its end to the engine.
In service that is the web server's work, so a worker has less to do there.
"""

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from bench import machine
from bench.at_once import AtOnce, unanswered
from bench.in_process import patient
from bench.stages import WrongWay
from bot import application_log
from bot.carrier import CallOrder
from bot.clock import Clock
from bot.errors import Conflict
from bot.settings import Settings
from bot.worker import Worker

PATIENCE_SECONDS = 120.0
PUT_OFF = '"outcome": "waiting"'  # as the log says it: another was quicker, tried again in a second


@dataclass(frozen=True, slots=True)
class Told:
    """What one worker says when it stops: when calls ended or were settled, and its CPU time."""

    finished_at: list[float]
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one run: callbacks a second, CPU µs of the workers a callback, and put off."""

    rate: float
    cpu: float
    put_off: int


@dataclass(frozen=True, slots=True)
class Orders:
    """What a worker is told at its start. `settling`: what counts is settled, and not ended."""

    environment: dict[str, str]
    offset_seconds: float
    settling: bool
    core: frozenset[int] | None
    log: Path


def run(orders: list[Orders], count: int) -> Run:
    """Have these workers carry out what is due, until so many callbacks are finished."""
    spawn = multiprocessing.get_context("spawn")  # clean processes
    begin, end = spawn.Barrier(len(orders) + 1), spawn.Event()
    finished, told = spawn.Value("i", 0), spawn.Queue()
    workers = [
        spawn.Process(target=_work, args=(each, begin, end, finished, told), daemon=True)
        for each in orders
    ]
    for worker in workers:
        worker.start()
    try:
        begin.wait(PATIENCE_SECONDS)
        _until(lambda: finished.value >= count, workers, lambda: _told_last(orders, finished.value))
        end.set()
        heard = [told.get(timeout=PATIENCE_SECONDS) for _ in workers]
    finally:
        end.set()
        for worker in workers:
            worker.join(5.0)
            worker.kill()
    put_off = sum(each.log.read_text("utf-8").count(PUT_OFF) for each in orders)
    moments = sorted(moment for each in heard for moment in each.finished_at)
    return Run(_rate(moments), sum(e.cpu_seconds for e in heard) / len(moments) * 1e6, put_off)


def _until(done: Callable[[], bool], workers: list[Any], said: Callable[[], str]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > until or not all(worker.is_alive() for worker in workers):
            raise WrongWay(f"the workers did not carry out what was due; {said()}")
        time.sleep(0.01)


def _told_last(orders: list[Orders], finished: int) -> str:
    """What the workers said at the end, for whoever mends it."""
    lines = [line for each in orders for line in each.log.read_text("utf-8").splitlines()[-5:]]
    return "\n".join([f"{finished} finished:", *lines])


def _rate(moments: list[float]) -> float:
    """Of the middle eight tenths: neither the start nor the last of one worker counts."""
    edge = len(moments) // 10
    middle = moments[edge : len(moments) - edge]
    return (len(middle) - 1) / (middle[-1] - middle[0])


def _work(orders: Orders, begin: Any, end: Any, finished: Any, told: Any) -> None:
    """One worker, from its start until it is told to stop."""
    machine.pin(orders.core)
    log = os.open(orders.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, sys.stderr.fileno())
    application_log.configure("worker")
    runtime = patient(Settings.from_env(orders.environment), Clock(orders.offset_seconds))
    placed: SimpleQueue[tuple[CallOrder, str]] = SimpleQueue()
    carrier = AtOnce(lambda *call: placed.put(call))
    ended_at: list[float] = []

    def hand_over() -> None:
        while True:
            call = placed.get()
            try:
                runtime.engine.receive(unanswered(*call))
            except Conflict:  # the door would say 503, and the notice comes again
                placed.put(call)
            else:
                ended_at.append(time.monotonic())

    def watch() -> None:
        while not end.wait(0.005):
            finished_here = len(carrier.listed_at if orders.settling else ended_at)
            with finished.get_lock():
                finished.value += finished_here - counted[0]
            counted[0] = finished_here
        stop.set()

    counted, stop = [0], threading.Event()
    begin.wait(PATIENCE_SECONDS)
    worked = time.process_time()
    for loop in (hand_over, watch):
        threading.Thread(target=loop, daemon=True).start()
    Worker(runtime, carrier).run(stop)
    cpu = time.process_time() - worked
    told.put(Told(carrier.listed_at if orders.settling else ended_at, cpu))
