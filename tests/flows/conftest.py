"""The sample flows, and a person who talks to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.engine import Engine
from flows.load import load_flows
from tests.flows.talking import SAMPLES, SampleActions, Talk


@pytest.fixture(scope="session")
def samples() -> Path:
    return SAMPLES


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine(load_flows(SAMPLES))


@pytest.fixture
def actions() -> SampleActions:
    return SampleActions()


@pytest.fixture
def talk(engine: Engine, actions: SampleActions) -> Talk:
    return Talk(engine, actions)
