"""When looks are taken, and what comes of those that are overtaken."""

import asyncio
import threading

import pytest

from holdfast.lsp.look import Look
from holdfast.lsp.looker import Looker


class Looks:
    """Looks that last until they are let go on, or are cancelled."""

    def __init__(self):
        self.begun = []
        self.shown = []
        self.under_way = threading.Event()
        self.let_go = threading.Event()
        self.looker = Looker(self.take, self.shown.append)

    def take(self, _before, changed, cancellation):
        self.begun.append(changed)
        self.under_way.set()
        while not self.let_go.wait(0.01):
            cancellation.check()
        return Look()

    async def wait(self):
        """Wait until a look is under way."""
        await asyncio.to_thread(self.under_way.wait, 10)
        self.under_way.clear()


@pytest.fixture
def looks():
    made = Looks()
    yield made
    made.let_go.set()


async def done(*wanted):
    return await asyncio.wait_for(asyncio.gather(*wanted), 10)


async def test_many_who_ask_at_once_share_a_look(looks):
    looks.let_go.set()
    wanted = [looks.looker.ask(["one"]), looks.looker.ask(["other"])]
    assert len(set(map(id, await done(*wanted)))) == 1
    assert looks.begun == [frozenset({"one", "other"})]
    assert len(looks.shown) == 1


async def test_who_asks_while_a_look_is_under_way_gets_the_next_one(looks):
    first = looks.looker.ask(["one"])
    await looks.wait()
    second = looks.looker.ask(["other"])
    looks.let_go.set()
    one, other = await done(first, second)
    assert one is not other
    assert looks.begun == [frozenset({"one"}), frozenset({"other"})]


async def test_a_wish_for_everything_ends_the_look_that_is_under_way(looks):
    first = looks.looker.ask()
    await looks.wait()
    second = looks.looker.ask()
    await looks.wait()
    assert not looks.shown
    looks.let_go.set()
    one, other = await done(first, second)
    assert one is other
    assert looks.begun == [None, None]
    assert looks.shown == [one]


async def test_a_stream_of_wishes_does_not_put_a_look_off_for_ever(looks):
    wanted = [looks.looker.ask()]
    for _ in range(3):
        await looks.wait()
        wanted.append(looks.looker.ask())
    await looks.wait()
    last = looks.looker.ask()
    await asyncio.sleep(0.1)
    assert len(looks.begun) == 4
    looks.let_go.set()
    assert len(set(map(id, await done(*wanted)))) == 1
    assert (await done(last))[0] is not wanted[0].result()


async def test_after_a_look_that_failed_everything_is_looked_at(caplog):
    begun = []

    def take(_before, changed, _cancellation):
        begun.append(changed)
        if len(begun) == 1:
            raise OSError("the disk is gone")
        return Look()

    looker = Looker(take, lambda _: None)
    with pytest.raises(OSError, match="the disk is gone"):
        await done(looker.ask(["one"]))
    assert "Looking at the environments failed" in caplog.text
    await done(looker.ask(["other"]))
    assert begun == [frozenset({"one"}), None]


async def test_a_look_that_sees_nothing_new_is_not_shown():
    shown = []
    looker = Looker(lambda before, _changed, _cancellation: before, shown.append)
    assert await done(looker.ask(["one"])) == [looker.latest]
    assert shown == []


async def test_who_stops_looking_takes_no_more_looks(looks):
    looks.looker.ask()
    await looks.wait()
    looks.looker.stop()
    looks.looker.ask(["one"])
    await asyncio.sleep(0.3)
    assert looks.begun == [None]
    assert looks.shown == []
