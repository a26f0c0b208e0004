"""Who asks for what: the people of ``bench/load.py``, as locust runs them.

``MATCHHUB_LOAD_PLAN`` names the file with what each role may open, ``MATCHHUB_LOAD_RESULT`` where the times go to.
"""

from __future__ import annotations

import json
import os
import random
import re
import secrets
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from locust import FastHttpUser, constant, events, task

from bench._load_kinds import DAILY, SELDOM

PLAN: dict[str, Any] = json.loads(Path(os.environ["MATCHHUB_LOAD_PLAN"]).read_text("utf-8"))
WRITES = 0.05  # of all requests
_TOKEN = re.compile(r'<meta name="form-token" content="([^"]+)">')
_times: dict[str, list[float]] = defaultdict(list)
_faults: dict[str, int] = defaultdict(int)


@events.request.add_listener
def _note(request_type: str, name: str, response_time: float, exception: object, **_: object) -> None:
    _times[f"{request_type} {name}"].append(round(response_time, 2))
    if exception:
        _faults[f"{request_type} {name}: {exception}"[:200]] += 1


@events.quitting.add_listener
def _tell(**_: object) -> None:
    told = {"times": _times, "faults": _faults}
    Path(os.environ["MATCHHUB_LOAD_RESULT"]).write_text(json.dumps(told), "utf-8")


class Someone(FastHttpUser):
    """A browser: a session, the cookie of the form token, one request after another without a pause."""

    abstract = True
    wait_time = constant(0)
    kinds: tuple[str, ...] = ()

    def on_start(self) -> None:
        self.kind = random.choice([kind for kind in self.kinds if kind in PLAN] or ["visitor"])
        person = random.choice(PLAN[self.kind])
        self.pages: dict[str, list[str]] = person["pages"]
        self.cookies = {"matchhub_session": person["token"]} if person["token"] else {}
        self.token = ""
        daily = DAILY[self.kind]
        self.daily = [endpoint for endpoint in daily if endpoint in self.pages]
        self.others = [endpoint for endpoint in self.pages if endpoint not in SELDOM]
        self.seldom = [endpoint for endpoint in self.pages if endpoint in SELDOM]
        self.look("account.help_page")

    def ask(self, method: str, path: str, name: str, data: dict[str, str] | None = None) -> Any:
        cookies = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        headers = {"Cookie": cookies, "Sec-Fetch-Site": "same-origin"}  # as browsers send it: answers are packed
        with self.client.request(
            method, path, data=data, headers=headers, allow_redirects=False, catch_response=True,
            name=name,
        ) as answer:  # fmt: skip
            if answer.status_code not in (200, 302, 303):
                answer.failure(f"answered {answer.status_code}")
            for each in (answer.headers.get_all("Set-Cookie") if answer.headers else None) or ():
                key, _, value = each.partition(";")[0].partition("=")
                self.cookies[key] = value
        return answer

    def look(self, endpoint: str) -> None:
        answer = self.ask("GET", random.choice(self.pages.get(endpoint, ["/"])), endpoint)
        found = _TOKEN.search(answer.text or "") if "html" in (answer.headers or {}).get("Content-Type", "") else None
        if found:
            self.token = found[1]

    def send(self, path: str, name: str, **fields: str) -> None:
        keys = {"csrf_token": self.token, "act_key": secrets.token_hex(12)}
        self.ask("POST", path, name, keys | fields)

    @task
    def go_on(self) -> None:
        acts = [each for each in ACTS.get(self.kind, ()) if each[1](self)] if self.token else []
        # Visitors change nothing: who is signed in does it oftener, so that a twentieth of all requests are writes.
        if acts and random.random() < WRITES / PLAN["signed_in"]:
            random.choice(acts)[0](self)
        elif self.seldom and random.random() < 0.02:
            self.look(random.choice(self.seldom))
        else:
            self.look(random.choice(self.daily if random.random() < 0.5 and self.daily else self.others))


def _number(address: str) -> str:
    return re.findall(r"\d+", address)[-1]


def star(one: Someone) -> None:
    """Follow a patent, or no longer."""
    patent = _number(random.choice(one.pages["home.patent"]))
    one.send(f"/enterprise/favourites/{patent}" + random.choice(("", "/remove")), "follow a patent")


def write(one: Someone) -> None:
    """Say something in a thread."""
    thread = _number(random.choice(one.pages["trade.thread"]))
    one.send(f"/trade/threads/{thread}/messages", "write in a thread", text=f"请问何时方便面谈？{random.random()}")


def mark(one: Someone) -> None:
    """Mark all notices as read."""
    one.send("/trade/notices/read", "mark notices")


def post(one: Someone) -> None:
    """Post a demand in words of its own."""
    words = "".join(random.choices(PLAN["words"], k=60))
    one.send("/enterprise/demands", "post a demand", text=f"我们需要解决{words}的问题，现有做法不合格率高。",
             cooperation="negotiable", negotiable="y")  # fmt: skip


def sign_in(one: Someone) -> None:
    """Sign in anew."""
    one.send("/account/sign-in", "sign in", login=PLAN["logins"][one.kind], password=PLAN["password"])


def _can(endpoint: str) -> Callable[[Someone], bool]:
    return lambda one: endpoint in one.pages


_NOTICES, _THREADS = (mark, _can("trade.notices")), (write, _can("trade.thread"))
_ENTER = (sign_in, lambda one: one.kind in PLAN["logins"] and random.random() < 0.2)
ACTS: dict[str, tuple[tuple[Callable[[Someone], None], Callable[[Someone], bool]], ...]] = {
    "enterprise": (_NOTICES, _THREADS, (star, _can("home.patent")), (post, _can("enterprise.new_demand")), _ENTER),
    "institution": (_NOTICES, _THREADS, _ENTER),
    "operator": (_NOTICES, _THREADS, _ENTER),
}


class Visitor(Someone):
    """Nobody signed in."""

    weight = 40
    kinds = ("visitor",)


class Firm(Someone):
    """A firm with its demands and pushes."""

    weight = 30
    kinds = ("enterprise",)


class Institution(Someone):
    """A university with its patents."""

    weight = 15
    kinds = ("institution",)


class Operator(Someone):
    """Who runs the platform."""

    weight = 10
    kinds = ("operator",)


class Bureau(Someone):
    """The bureau's reviewer."""

    weight = 5
    kinds = ("reviewer",)
